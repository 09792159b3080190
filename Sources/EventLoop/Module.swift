/// `EventLoop` is a reactor.
