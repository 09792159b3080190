/// `EventLoop` is the ground under all I/O: an epoll reactor that is, at the same time, the executor of
/// the Swift tasks and actors that live on it, so that a request, its queries and its answer are served
/// by one thread without a single hop.
///
/// It is not a networking library: it knows descriptors, not sockets, and no protocol at all.
///
/// Its five nouns: `EventLoop` (one thread, one epoll), `Registration` (a descriptor it watches),
/// `Timer` (a closure due later), `LoopBound` (an actor that lives on a loop) and `WorkPool` (the bounded
/// threads beside the loops for whatever computes or blocks).
