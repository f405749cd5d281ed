/* System calls: a failed one gives -1 and sets errno. */
#include "runtime.h"

#include <errno.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

WEAK int errno;

static long checked(long result) {
  if (result >= 0) return result;
  errno = (int)-result;
  return -1;
}

WEAK ssize_t write(int descriptor, const void *bytes, size_t length) {
  return checked(system_call(SYS_WRITE, descriptor, (long)bytes, (long)length));
}

WEAK ssize_t read(int descriptor, void *bytes, size_t length) {
  return checked(system_call(SYS_READ, descriptor, (long)bytes, (long)length));
}

WEAK void _exit(int status) {
  for (;;) system_call(SYS_EXIT_GROUP, status, 0, 0);
}

WEAK int clock_gettime(clockid_t clock, struct timespec *time) {
  return (int)checked(system_call(SYS_CLOCK_GETTIME, clock, (long)time, 0));
}

WEAK time_t time(time_t *result) {
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

/* Moves the end of the heap; gives the old end, or (void *)-1. */
WEAK void *sbrk(intptr_t increment) {
  static long end;
  if (end == 0) end = system_call(SYS_BRK, 0, 0, 0);
  long start = end;
  if (increment == 0) return (void *)start;
  if (system_call(SYS_BRK, start + increment, 0, 0) != start + increment) {
    errno = ENOMEM;
    return (void *)-1;
  }
  end = start + increment;
  return (void *)start;
}
