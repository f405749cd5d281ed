/* System calls on memory: results and errors. Addresses are told by how they lie to each other. */
#include "call.h"

#define PAGE 4096ul
#define BAD ((void *)8)
enum { NONE = 0, READ = 1, WRITE = 2, EXEC = 4, SHARED = 1, PRIVATE = 2, FIXED = 0x10, ANONYMOUS = 0x20, NOREPLACE = 0x100000 };

static char buffer[8192];

static s64 map(u64 at, u64 size, int protection, int flags, int fd, u64 offset) {
  return CALL(SYS_mmap, at, size, protection, flags, fd, offset);
}
static s64 anonymous(u64 at, u64 size, int flags) { return map(at, size, READ | WRITE, PRIVATE | ANONYMOUS | flags, -1, 0); }
static int failed(s64 result) { return result < 0 && result > -4096; }
/* Whether the kernel can read that byte, without a fault of ours. */
static s64 readable(s64 at) {
  static int ends[2];
  if (!ends[1]) CALL(SYS_pipe2, ends, 0);
  s64 written = CALL(SYS_write, ends[1], at, 1);
  if (written == 1) CALL(SYS_read, ends[0], buffer, 1);
  return written;
}

static void breaks(void) {
  s64 start = CALL(SYS_brk, 0);
  SHOW(start > 0);
  SHOW(CALL(SYS_brk, start + 10000) - start);
  *(volatile char *)(start + 9999) = 7;
  SHOW(CALL(SYS_brk, start + 100) - start);
  SHOW(CALL(SYS_brk, start + 10000) - start);
  SHOW(*(volatile char *)(start + 9999));
  SHOW(CALL(SYS_brk, 1) - start);
  SHOW(CALL(SYS_brk, start) - start);
}

static void mapping(void) {
  SHOW(map(0, 0, READ, PRIVATE | ANONYMOUS, -1, 0));
  SHOW(map(0, PAGE, READ, ANONYMOUS, -1, 0));
  SHOW(map(0, PAGE, READ, PRIVATE, -1, 0));
  SHOW(map(0, PAGE, READ, PRIVATE, 99, 0));
  SHOW(map(0, PAGE, READ, PRIVATE | ANONYMOUS, -1, 100));
  SHOW(map(1, PAGE, READ, PRIVATE | ANONYMOUS | FIXED, -1, 0));
  SHOW(failed(anonymous(0, 1ul << 60, 0)));
  s64 at = anonymous(0, 3 * PAGE + 1, 0);
  SHOW(at % PAGE);
  SHOW(readable(at + 4 * PAGE - 1));
  SHOW(*(volatile char *)at);
  *(volatile char *)(at + PAGE) = 5;
  SHOW(CALL(SYS_mprotect, at + PAGE, PAGE, READ));
  SHOW(*(volatile char *)(at + PAGE));
  SHOW(CALL(SYS_mprotect, at + PAGE, PAGE, NONE));
  SHOW(readable(at + PAGE));
  SHOW(CALL(SYS_mprotect, at + PAGE, PAGE, READ | WRITE));
  SHOW(*(volatile char *)(at + PAGE));
  SHOW(CALL(SYS_mprotect, at + 1, PAGE, READ));
  SHOW(CALL(SYS_munmap, at + 2 * PAGE, PAGE));
  SHOW(readable(at + 2 * PAGE));
  SHOW(readable(at + 3 * PAGE));
  SHOW(CALL(SYS_mprotect, at + PAGE, 3 * PAGE, READ | WRITE));
  SHOW(CALL(SYS_munmap, at + 2 * PAGE, PAGE));
  SHOW(CALL(SYS_munmap, at + 1, PAGE));
  SHOW(CALL(SYS_munmap, at, 0));
  SHOW(anonymous(at + 2 * PAGE, PAGE, 0) - at);
  SHOW(*(volatile char *)(at + PAGE));
  SHOW(anonymous(at + PAGE, PAGE, FIXED) - at);
  SHOW(*(volatile char *)(at + PAGE));
  SHOW(CALL(SYS_munmap, at, 4 * PAGE));
  SHOW(anonymous(at, PAGE, NOREPLACE) - at);
  SHOW(CALL(SYS_munmap, at, PAGE));
}

static void moving(void) {
  s64 at = anonymous(0, 8 * PAGE, 0);
  CALL(SYS_munmap, at + 4 * PAGE, 4 * PAGE);
  for (int i = 0; i < 4; i++) *(volatile char *)(at + i * PAGE) = (char)(i + 1);
  SHOW(CALL(SYS_mremap, at, 4 * PAGE, 2 * PAGE, 0) - at);
  SHOW(readable(at + 2 * PAGE));
  SHOW(CALL(SYS_mremap, at, 2 * PAGE, 4 * PAGE, 0) - at);
  SHOW(*(volatile char *)(at + 2 * PAGE));
  anonymous(at + 4 * PAGE, PAGE, FIXED);
  SHOW(CALL(SYS_mprotect, at + 4 * PAGE, PAGE, READ));
  SHOW(CALL(SYS_mremap, at, 4 * PAGE, 6 * PAGE, 0));
  s64 moved = CALL(SYS_mremap, at, 4 * PAGE, 6 * PAGE, 1);
  SHOW(moved != at);
  SHOW(*(volatile char *)(moved + PAGE));
  SHOW(readable(at));
  SHOW(CALL(SYS_mremap, at, 4 * PAGE, 6 * PAGE, 1));
  SHOW(CALL(SYS_mremap, moved + 1, PAGE, PAGE, 0));
  SHOW(CALL(SYS_mremap, moved, PAGE, PAGE, 2, at));
  SHOW(CALL(SYS_mremap, moved, PAGE, PAGE, 64));
  s64 target = anonymous(0, 8 * PAGE, 0);
  SHOW(CALL(SYS_mremap, moved, 6 * PAGE, 6 * PAGE, 3, target) - target);
  SHOW(*(volatile char *)(target + PAGE));
  SHOW(readable(moved));
}

static void files(void) {
  s64 fd = CALL(SYS_openat, AT_FDCWD, "mapped", 0102, 0600);
  CALL(SYS_ftruncate, fd, PAGE + 100);
  CALL(SYS_pwrite64, fd, "first", 5, 0);
  CALL(SYS_pwrite64, fd, "second", 6, PAGE);
  s64 at = map(0, PAGE + 100, READ | WRITE, PRIVATE, fd, 0);
  SHOW(*(char *)at);
  SHOW(*(char *)(at + PAGE));
  SHOW(*(char *)(at + PAGE + 200));
  *(char *)at = 'F';
  CALL(SYS_pread64, fd, buffer, 1, 0);
  SHOW(buffer[0]);
  s64 second = map(0, 100, READ, PRIVATE, fd, PAGE);
  SHOW(*(char *)second);
  SHOW(map(0, 100, READ, PRIVATE, fd, 10));
  CALL(SYS_close, fd);
  SHOW(*(char *)second);
  fd = CALL(SYS_openat, AT_FDCWD, "mapped", 1, 0);
  SHOW(map(0, 100, READ, PRIVATE, fd, 0));
  CALL(SYS_close, fd);
  fd = CALL(SYS_openat, AT_FDCWD, "mapped", 0, 0);
  SHOW(map(0, 100, READ | WRITE, SHARED, fd, 0));
  SHOW(failed(map(0, 100, READ | WRITE, PRIVATE, fd, 0)));
  SHOW(*(char *)map(0, 100, READ, SHARED, fd, 0));
  CALL(SYS_close, fd);
  fd = CALL(SYS_openat, AT_FDCWD, ".", 0, 0);
  SHOW(map(0, 100, READ, PRIVATE, fd, 0));
  CALL(SYS_close, fd);
  fd = CALL(SYS_openat, AT_FDCWD, "/dev/zero", 2, 0);
  SHOW(*(char *)map(0, 100, READ | WRITE, PRIVATE, fd, 0));
  CALL(SYS_close, fd);
}

static void advice(void) {
  s64 at = anonymous(0, 2 * PAGE, 0);
  *(volatile char *)at = 3;
  SHOW(CALL(SYS_madvise, at, PAGE, 4));
  SHOW(*(volatile char *)at);
  SHOW(CALL(SYS_madvise, at + 1, PAGE, 4));
  SHOW(CALL(SYS_madvise, at, PAGE, 0));
  SHOW(CALL(SYS_mprotect, at, PAGE, READ | EXEC));
  SHOW(CALL(SYS_munmap, at, 2 * PAGE));
  u64 limit[2];
  SHOW(CALL(SYS_prlimit64, 0, 3, 0, limit));
  SHOW(CALL(SYS_prlimit64, 0, 99, 0, limit));
  SHOW(CALL(SYS_prlimit64, 0, 3, 0, BAD));
}

/* Where the kernel and qemu's user mode differ (mm/mprotect.c, mm/mmap.c, mm/mremap.c). */
static void only_the_kernel(void) {
  s64 at = anonymous(0, 2 * PAGE, 0);
  SHOW(CALL(SYS_mprotect, at, 0, READ));
  SHOW(anonymous(at, PAGE, NOREPLACE));
  SHOW(CALL(SYS_mremap, at, PAGE, 0, 0));
}

static int run(int argc, char **argv) {
  SHOW(CALL(SYS_chdir, argv[1]));
  breaks();
  mapping();
  moving();
  files();
  advice();
  if (argc > 2) only_the_kernel();
  return 0;
}
