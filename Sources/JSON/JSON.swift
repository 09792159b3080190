/// `JSON` reads and writes typed values, strictly and fast.
