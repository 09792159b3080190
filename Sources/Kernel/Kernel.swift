/// `Kernel` holds the words that two domains share and nothing else: no I/O, no clock, no Foundation.
