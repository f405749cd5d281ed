/* Standard input that is a file: results and errors of all that can be asked of it, with what is read. */
#include "call.h"

enum { SYS_preadv = 69, SYS_sendfile = 71, SYS_ppoll = 73 };

static char buffer[8192];
static u32 count;
static s64 offset;

struct vector { void *at; u64 size; };
struct poll { int descriptor; short asked, found; };

/* Shows what a call has read as text. */
static void show_read(const char *what, s64 length) {
  print(what);
  print(": ");
  if (length < 0) print_number(length);
  else CALL(SYS_write, 1, buffer, length);
  print("\n");
}
#define READ(...) show_read(#__VA_ARGS__, CALL(__VA_ARGS__))

static s64 type_of(int descriptor) {
  s64 result = CALL(SYS_fstat, descriptor, buffer);
  return result < 0 ? result : *(u32 *)(buffer + 16) & 0170000;
}
static s64 size_of(int descriptor) { return CALL(SYS_fstat, descriptor, buffer) < 0 ? -1 : *(s64 *)(buffer + 48); }
static s64 unread(void) { return CALL(SYS_ioctl, 0, 0x541b, &count) < 0 ? -1 : count; }
static s64 readiness(void) {
  struct poll poll = {0, 5, 0};
  u64 now[2] = {0, 0};
  CALL(SYS_ppoll, &poll, 1, now, 0, 0);
  return poll.found;
}

static void moving(void) {
  SHOW(CALL(SYS_lseek, 0, 0, 1));
  READ(SYS_read, 0, buffer, 10);
  SHOW(CALL(SYS_lseek, 0, 0, 1));
  SHOW(unread());
  SHOW(CALL(SYS_lseek, 0, -4, 1));
  READ(SYS_read, 0, buffer, 6);
  SHOW(CALL(SYS_lseek, 0, -12, 2));
  READ(SYS_read, 0, buffer, 100);
  READ(SYS_read, 0, buffer, 100);
  SHOW(CALL(SYS_lseek, 0, -1, 0));
  SHOW(CALL(SYS_lseek, 0, 0, 7));
  SHOW(CALL(SYS_lseek, 0, 4, 3));
  SHOW(CALL(SYS_lseek, 0, 4, 4) == size_of(0));
  SHOW(CALL(SYS_lseek, 0, 1000000, 4));
  SHOW(CALL(SYS_lseek, 0, 1000000, 0));
  READ(SYS_read, 0, buffer, 10);
  SHOW(unread());
  SHOW(CALL(SYS_lseek, 0, 0, 0));
}

static void reading(void) {
  struct vector vectors[2] = {{buffer, 3}, {buffer + 3, 5}};
  READ(SYS_pread64, 0, buffer, 10, 20);
  READ(SYS_pread64, 0, buffer, 10, -1);
  READ(SYS_readv, 0, vectors, 2);
  READ(SYS_preadv, 0, vectors, 2, 30, 0);
  SHOW(CALL(SYS_lseek, 0, 0, 1));
  SHOW(CALL(SYS_read, 0, 8, 10));
  SHOW(CALL(SYS_read, 0, buffer, 0));
  offset = 40;
  print("sendfile: ");
  CALL(SYS_sendfile, 1, 0, &offset, 10);
  print("\n");
  SHOW(offset);
  SHOW(CALL(SYS_lseek, 0, 0, 1));
  SHOW(CALL(SYS_write, 0, "x", 1));
  SHOW(CALL(SYS_pwrite64, 0, "x", 1, 0));
  SHOW(CALL(SYS_ftruncate, 0, 3));
}

static void seeing(void) {
  SHOW(type_of(0) == 0100000);
  SHOW(size_of(0));
  SHOW(CALL(SYS_fcntl, 0, 3) & 3);
  SHOW(CALL(SYS_ioctl, 0, 0x5401, buffer));
  SHOW(readiness());
}

static void sharing(void) {
  SHOW(CALL(SYS_lseek, 0, 50, 0));
  SHOW(CALL(SYS_dup, 0));
  READ(SYS_read, 3, buffer, 5);
  READ(SYS_read, 0, buffer, 5);
  SHOW(CALL(SYS_lseek, 3, 0, 1));
  SHOW(CALL(SYS_openat, AT_FDCWD, "/dev/stdin", 0, 0));
  SHOW(CALL(SYS_openat, AT_FDCWD, "/proc/self/fd/0", 0, 0));
  READ(SYS_read, 4, buffer, 5);
  READ(SYS_read, 5, buffer, 7);
  READ(SYS_read, 4, buffer, 5);
  SHOW(CALL(SYS_lseek, 0, 0, 1));
  SHOW(CALL(SYS_close, 4));
  SHOW(CALL(SYS_close, 0));
  READ(SYS_read, 0, buffer, 5);
  READ(SYS_read, 3, buffer, 5);
  SHOW(CALL(SYS_dup3, 3, 0, 0));
  READ(SYS_read, 0, buffer, 5);
}

static void mapping(void) {
  char *at = (char *)CALL(SYS_mmap, 0, 4096, 1, 2, 0, 0);
  print("mapped: ");
  CALL(SYS_write, 1, at + 10, 10);
  print("\n");
  SHOW(at[4095]);
  SHOW(CALL(SYS_mmap, 0, 4096, 3, 1, 0, 0));
  at = (char *)CALL(SYS_mmap, 0, 4096, 3, 2, 0, 0);
  at[0] = '*';
  CALL(SYS_write, 1, at, 10);
  print("\n");
  READ(SYS_pread64, 0, buffer, 10, 0);
}

static int run(int argc, char **argv) {
  moving();
  reading();
  seeing();
  mapping();
  sharing();
  READ(SYS_read, 0, buffer, 1000);
  return 0;
}
