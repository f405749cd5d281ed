/* Programs that never have enough: argv[1] chooses of what. Each ends by itself, with what it was refused. */
#include "call.h"

static char chunk[65536];

static s64 heap(void) {
  s64 end = CALL(SYS_brk, 0);
  for (;;) {
    s64 next = CALL(SYS_brk, end + 0x100000);
    if (next == end) return -12;
    *(volatile char *)end = 1;
    end = next;
  }
}

static s64 mappings(u64 size, int protection) {
  for (;;) {
    s64 at = CALL(SYS_mmap, 0, size, protection, 0x22, -1, 0);
    if (at < 0 && at > -4096) return at;
    if (protection & 2) *(volatile char *)at = 1;
  }
}

/* Neighbours of different permissions never become one. */
static s64 regions(void) {
  for (int i = 0;; i++) {
    s64 at = CALL(SYS_mmap, 0, 4096, i & 1 ? 1 : 3, 0x22, -1, 0);
    if (at < 0 && at > -4096) return at;
  }
}

static s64 file(void) {
  s64 fd = CALL(SYS_openat, AT_FDCWD, "/tmp/big", 0101, 0644);
  for (;;) {
    s64 written = CALL(SYS_write, fd, chunk, sizeof chunk);
    if (written < 0) return written;
  }
}

static s64 names(void) {
  char name[] = "/tmp/00000000";
  for (;;) {
    for (int i = 12; ++name[i] > '9'; i--) name[i] = '0';
    s64 fd = CALL(SYS_openat, AT_FDCWD, name, 0101, 0644);
    if (fd < 0) return fd;
    CALL(SYS_close, fd);
  }
}

static s64 descriptors(void) {
  for (;;) {
    s64 fd = CALL(SYS_openat, AT_FDCWD, "/dev/null", 0, 0);
    if (fd < 0) return fd;
  }
}

static s64 signals(void) {
  u64 all = -1ul;
  CALL(SYS_rt_sigprocmask, 0, &all, 0, 8);
  for (;;) {
    s64 sent = CALL(SYS_tgkill, CALL(SYS_getpid), CALL(SYS_gettid), 40);
    if (sent < 0) return sent;
  }
}

static int run(int argc, char **argv) {
  switch (argv[1][0]) {
    case '0': SHOW(heap()); break;
    case '1': SHOW(mappings(0x100000, 3)); break;
    case '2': SHOW(mappings(0x40000000, 0)); break;
    case '3': SHOW(regions()); break;
    case '4': SHOW(file()); break;
    case '5': SHOW(names()); break;
    case '6': SHOW(descriptors()); break;
    case '7': SHOW(signals()); break;
    case '8': for (;;) CALL(SYS_write, 1, chunk, sizeof chunk); break;
  }
  return 0;
}
