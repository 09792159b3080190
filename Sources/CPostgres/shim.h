#pragma once
#include <fcntl.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <unistd.h>

// What starting a private server needs and the toolchain's Glibc module leaves out.

extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

// A pipe that no child inherits by accident.
static inline int wayfare_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

// The child inherits nothing but its standard descriptors, whatever our own caller has left open.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
static inline int wayfare_spawn_closing_others(posix_spawn_file_actions_t *actions) {
  return posix_spawn_file_actions_addclosefrom_np(actions, 3);
}

// The child starts from `/`.
static inline int wayfare_spawn_from_root(posix_spawn_file_actions_t *actions) {
  return posix_spawn_file_actions_addchdir_np(actions, "/");
}

// The child has a session of its own (so that Ctrl-C does not reach it), no blocked signals and default handlers.
static inline short wayfare_spawn_flags(void) {
  return POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80 /* POSIX_SPAWN_SETSID */;
}
