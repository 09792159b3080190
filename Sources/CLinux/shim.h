// What the toolchain's Glibc module leaves out: epoll, eventfd, signalfd, pidfd, process death signals.
#pragma once
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// The pidfd of a child, or -1 with errno set.
static inline int wayfare_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0u); }

// `accept4` with close-on-exec and non-blocking set in the same call.
static inline int wayfare_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return (int)syscall(SYS_accept4, listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// `recv` and `send` without what the C library does around them so that a thread can be cancelled there, four atomic
// operations for a request and its answer: threads here are not cancelled.
static inline ssize_t wayfare_receive(int socket, void *bytes, size_t count) {
  return syscall(SYS_recvfrom, socket, bytes, count, 0l, (void *)0, (void *)0);
}
static inline ssize_t wayfare_send(int socket, const void *bytes, size_t count, int flags) {
  return syscall(SYS_sendto, socket, bytes, count, (long)flags, (void *)0, 0l);
}

// `epoll_event` is packed on x86-64: its payload is set and read here rather than through a Swift copy of the layout.
static inline int wayfare_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t payload) {
  struct epoll_event event = {.events = events, .data = {.u64 = payload}};
  return epoll_ctl(epoll, operation, descriptor, &event);
}

// Names the calling thread; the kernel keeps 15 characters.
static inline void wayfare_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// A stream socket that does not block and is not inherited. Which module owns the SOCK_ constants depends on the
// order in which headers are read, so they are named here only.
static inline int wayfare_stream_socket(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }
static inline int wayfare_stream_type(void) { return SOCK_STREAM; }
static inline int wayfare_socket(int family, int type, int protocol) { return socket(family, type | SOCK_CLOEXEC, protocol); }
