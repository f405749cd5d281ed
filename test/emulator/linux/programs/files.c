/* System calls on files: results and errors, in the folder that argv[1] names. */
#include "call.h"

static char buffer[8192];
static char long_name[300];
static char name_255[256];
#define BAD ((void *)8)

struct entry { u64 inode; s64 next; unsigned short size; unsigned char type; char name[]; };
struct vector { const void *at; u64 size; };

static s64 open_at(const char *path, int flags, int mode) { return CALL(SYS_openat, AT_FDCWD, path, flags, mode); }
static u32 mode_of(const char *path, int flags) {
  s64 result = CALL(SYS_newfstatat, AT_FDCWD, path, buffer, flags);
  return result < 0 ? (u32)result : *(u32 *)(buffer + 16);
}
static s64 size_of(const char *path) {
  s64 result = CALL(SYS_newfstatat, AT_FDCWD, path, buffer, 0);
  return result < 0 ? result : *(s64 *)(buffer + 48);
}
static int contains(const char *name) {
  int found = 0;
  s64 folder = open_at(".", 0200000, 0);
  for (;;) {
    s64 size = CALL(SYS_getdents64, folder, buffer, 512);
    if (size <= 0) break;
    for (s64 at = 0; at < size;) {
      struct entry *entry = (struct entry *)(buffer + at);
      u64 i = 0;
      while (name[i] && name[i] == entry->name[i]) i++;
      if (name[i] == entry->name[i]) found = entry->type;
      at += entry->size;
    }
  }
  CALL(SYS_close, folder);
  return found;
}

static void opening(void) {
  SHOW(open_at("none", 0, 0));
  SHOW(open_at("", 0, 0));
  SHOW(CALL(SYS_openat, AT_FDCWD, BAD, 0, 0));
  SHOW(CALL(SYS_openat, 77, "x", 0, 0));
  SHOW(open_at("a", 0101, 0644));
  SHOW(open_at("a", 0301, 0644));
  SHOW(open_at("a/", 0, 0));
  SHOW(open_at("a/b", 0, 0));
  SHOW(open_at("none/b", 0101, 0644));
  SHOW(open_at("new/", 0101, 0644));
  SHOW(open_at(".", 1, 0));
  SHOW(open_at(".", 0101, 0644));
  SHOW(open_at("a", 0200000, 0));
  SHOW(open_at(long_name, 0, 0));
  SHOW(open_at(name_255, 0101, 0644));
  SHOW(CALL(SYS_openat, 3, "b", 0, 0));
  SHOW(mode_of("a", 0));
  SHOW(mode_of(".", 0) & 0170000);
  SHOW(CALL(SYS_close, 3));
  SHOW(CALL(SYS_close, 3));
  SHOW(CALL(SYS_close, -1));
  SHOW(CALL(SYS_close, 4));
}

static void transferring(void) {
  s64 fd = open_at("data", 0102, 0600);
  SHOW(CALL(SYS_write, fd, "hello, world", 12));
  SHOW(CALL(SYS_lseek, fd, 0, 1));
  SHOW(CALL(SYS_lseek, fd, -5, 2));
  SHOW(CALL(SYS_read, fd, buffer, 100));
  SHOW(buffer[0]);
  SHOW(CALL(SYS_read, fd, buffer, 100));
  SHOW(CALL(SYS_lseek, fd, -1, 0));
  SHOW(CALL(SYS_lseek, fd, 0, 9));
  SHOW(CALL(SYS_lseek, fd, 100, 0));
  SHOW(CALL(SYS_read, fd, buffer, 1));
  SHOW(CALL(SYS_write, fd, "x", 1));
  SHOW(size_of("data"));
  SHOW(CALL(SYS_pread64, fd, buffer, 8, 96));
  SHOW(buffer[4]);
  SHOW(CALL(SYS_pread64, fd, buffer, 8, -1));
  SHOW(CALL(SYS_pwrite64, fd, "yz", 2, 3));
  SHOW(CALL(SYS_pread64, fd, buffer, 8, 0));
  SHOW(buffer[3]);
  SHOW(CALL(SYS_write, fd, BAD, 4));
  SHOW(CALL(SYS_lseek, fd, 0, 0));
  SHOW(CALL(SYS_read, fd, BAD, 4));
  SHOW(CALL(SYS_read, fd, buffer, 0));
  struct vector vectors[3] = {{buffer, 3}, {buffer + 100, 0}, {buffer + 200, 4}};
  SHOW(CALL(SYS_readv, fd, vectors, 3));
  SHOW(buffer[200]);
  SHOW(CALL(SYS_writev, fd, vectors, 3));
  SHOW(CALL(SYS_readv, fd, vectors, -1));
  SHOW(CALL(SYS_readv, fd, vectors, 1025));
  SHOW(CALL(SYS_readv, fd, BAD, 1));
  SHOW(CALL(SYS_ftruncate, fd, 5));
  SHOW(size_of("data"));
  SHOW(CALL(SYS_ftruncate, fd, 70000));
  SHOW(CALL(SYS_pread64, fd, buffer, 16, 69990));
  SHOW(CALL(SYS_ftruncate, fd, -1));
  SHOW(CALL(SYS_truncate, "data", 7));
  SHOW(size_of("data"));
  SHOW(CALL(SYS_truncate, "none", 7));
  SHOW(CALL(SYS_truncate, ".", 7));
  s64 reader = open_at("data", 0, 0);
  SHOW(CALL(SYS_write, reader, "x", 1));
  SHOW(CALL(SYS_ftruncate, reader, 1));
  s64 writer = open_at("data", 02001, 0);
  SHOW(CALL(SYS_read, writer, buffer, 1));
  SHOW(CALL(SYS_write, writer, "end", 3));
  SHOW(size_of("data"));
  s64 folder = open_at(".", 0, 0);
  SHOW(CALL(SYS_read, folder, buffer, 10));
  SHOW(CALL(SYS_write, folder, buffer, 10));
  SHOW(CALL(SYS_getdents64, reader, buffer, 512));
  SHOW(CALL(SYS_getdents64, folder, buffer, 4));
  SHOW(CALL(SYS_ftruncate, folder, 0));
  SHOW(CALL(SYS_lseek, reader, 7, 0) + CALL(SYS_read, reader, buffer, 3));
  s64 trunc = open_at("data", 01001, 0);
  SHOW(size_of("data"));
  for (s64 each = fd; each <= trunc; each++) CALL(SYS_close, each);
}

static void descriptors(void) {
  s64 fd = open_at("a", 0, 0);
  SHOW(CALL(SYS_dup, fd) - fd);
  SHOW(CALL(SYS_dup, 99));
  SHOW(CALL(SYS_dup3, fd, fd, 0));
  SHOW(CALL(SYS_dup3, fd, 50, 1));
  SHOW(CALL(SYS_dup3, fd, 50, 02000000));
  SHOW(CALL(SYS_fcntl, 50, 1, 0));
  SHOW(CALL(SYS_fcntl, 50, 2, 0));
  SHOW(CALL(SYS_fcntl, 50, 1, 0));
  SHOW(CALL(SYS_fcntl, 50, 3, 0) & 03);
  SHOW(CALL(SYS_fcntl, 50, 4, 04000));
  SHOW(CALL(SYS_fcntl, fd, 3, 0) & 04003);
  SHOW(CALL(SYS_fcntl, fd, 0, 60));
  SHOW(CALL(SYS_fcntl, fd, 0, -1));
  SHOW(CALL(SYS_fcntl, fd, 1030, 60));
  SHOW(CALL(SYS_fcntl, 61, 1, 0));
  SHOW(CALL(SYS_fcntl, 99, 1, 0));
  SHOW(CALL(SYS_fcntl, fd, 9999, 0));
  SHOW(CALL(SYS_ioctl, fd, 0x5401, buffer));
  SHOW(CALL(SYS_ioctl, 99, 0x5401, buffer));
  SHOW(CALL(SYS_close, 50) + CALL(SYS_close, 60) + CALL(SYS_close, 61) + CALL(SYS_close, fd + 1));
  int ends[2];
  SHOW(CALL(SYS_pipe2, ends, 0));
  SHOW(CALL(SYS_write, ends[1], "through", 7));
  SHOW(CALL(SYS_read, ends[0], buffer, 3));
  SHOW(CALL(SYS_read, ends[0], buffer, 100));
  SHOW(CALL(SYS_write, ends[0], "x", 1));
  SHOW(CALL(SYS_lseek, ends[0], 0, 0));
  SHOW(CALL(SYS_pread64, ends[0], buffer, 1, 0));
  SHOW(CALL(SYS_close, ends[1]));
  SHOW(CALL(SYS_read, ends[0], buffer, 1));
  SHOW(CALL(SYS_close, ends[0]) + CALL(SYS_close, fd));
  SHOW(CALL(SYS_pipe2, BAD, 0));
  SHOW(CALL(SYS_pipe2, ends, 1));
}

static void naming(void) {
  SHOW(CALL(SYS_mkdirat, AT_FDCWD, "folder", 0755));
  SHOW(CALL(SYS_mkdirat, AT_FDCWD, "folder", 0755));
  SHOW(CALL(SYS_mkdirat, AT_FDCWD, "folder/inner/", 0755));
  SHOW(CALL(SYS_mkdirat, AT_FDCWD, "none/inner", 0755));
  SHOW(CALL(SYS_mkdirat, AT_FDCWD, ".", 0755));
  SHOW(mode_of("folder", 0));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "folder", 0));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "folder", 0x200));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "folder/.", 0x200));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "folder/inner/..", 0x200));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "a", 0x200));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "none", 0));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "none", 0x200));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "a", 0x1000));
  SHOW(CALL(SYS_symlinkat, "a", AT_FDCWD, "link"));
  SHOW(CALL(SYS_symlinkat, "a", AT_FDCWD, "link"));
  SHOW(CALL(SYS_symlinkat, "", AT_FDCWD, "empty"));
  SHOW(CALL(SYS_symlinkat, "loop", AT_FDCWD, "loop"));
  SHOW(CALL(SYS_symlinkat, "folder", AT_FDCWD, "to-folder"));
  SHOW(open_at("loop", 0, 0));
  SHOW(open_at("link", 0400000, 0));
  SHOW(mode_of("link", 0) & 0170000);
  SHOW(mode_of("link", 0x100) & 0170000);
  SHOW(mode_of("to-folder/inner", 0) & 0170000);
  SHOW(mode_of("to-folder/", 0x100) & 0170000);
  SHOW(CALL(SYS_readlinkat, AT_FDCWD, "link", buffer, 100));
  SHOW(CALL(SYS_readlinkat, AT_FDCWD, "to-folder", buffer, 3));
  SHOW(CALL(SYS_readlinkat, AT_FDCWD, "a", buffer, 100));
  SHOW(CALL(SYS_readlinkat, AT_FDCWD, "link", buffer, 0));
  SHOW(CALL(SYS_readlinkat, AT_FDCWD, "none", buffer, 100));
  SHOW(contains("folder"));
  SHOW(contains("link"));
  SHOW(contains("a"));
  SHOW(contains(".."));
  SHOW(contains("none"));
  SHOW(CALL(SYS_linkat, AT_FDCWD, "a", AT_FDCWD, "b", 0));
  SHOW(CALL(SYS_linkat, AT_FDCWD, "a", AT_FDCWD, "b", 0));
  SHOW(CALL(SYS_linkat, AT_FDCWD, "folder", AT_FDCWD, "c", 0));
  SHOW(CALL(SYS_linkat, AT_FDCWD, "none", AT_FDCWD, "c", 0));
  mode_of("a", 0);
  SHOW(*(u32 *)(buffer + 20));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "c", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "none", AT_FDCWD, "c", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "c", AT_FDCWD, "folder", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "folder", AT_FDCWD, "c", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "folder", AT_FDCWD, "folder/inner/x", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "c", AT_FDCWD, "b", 1));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "folder/inner", AT_FDCWD, "moved", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "c", AT_FDCWD, "d/", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, ".", AT_FDCWD, "x", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "c", AT_FDCWD, "none/x", 0));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "moved", 0x200));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "b", 0));
  SHOW(CALL(SYS_faccessat, AT_FDCWD, "c", 0));
  SHOW(CALL(SYS_faccessat, AT_FDCWD, "c", 4));
  SHOW(CALL(SYS_faccessat, AT_FDCWD, "c", 8));
  SHOW(CALL(SYS_faccessat, AT_FDCWD, "c", 1));
  SHOW(CALL(SYS_faccessat, AT_FDCWD, "a", 0));
  SHOW(CALL(SYS_faccessat, AT_FDCWD, BAD, 0));
  SHOW(CALL(SYS_fchmodat, AT_FDCWD, "c", 0751));
  SHOW(mode_of("c", 0));
  SHOW(CALL(SYS_umask, 0077) != 0777);
  SHOW(CALL(SYS_umask, 0027));
  CALL(SYS_close, open_at("masked", 0101, 0666));
  SHOW(mode_of("masked", 0));
  SHOW(CALL(SYS_chdir, "c"));
  SHOW(CALL(SYS_chdir, "none"));
  SHOW(CALL(SYS_chdir, "folder"));
  SHOW(CALL(SYS_newfstatat, AT_FDCWD, "../c", buffer, 0));
  SHOW(CALL(SYS_getcwd, buffer, 2));
  SHOW(CALL(SYS_getcwd, BAD, 4096));
  SHOW(CALL(SYS_getcwd, buffer, sizeof buffer) > 7);
  s64 length = CALL(SYS_getcwd, buffer, sizeof buffer);
  SHOW(buffer[length - 2]);
  SHOW(CALL(SYS_chdir, ".."));
  SHOW(CALL(SYS_fchdir, 99));
  u64 times[4] = {5, 6000, 7, 8000};
  SHOW(CALL(SYS_utimensat, AT_FDCWD, "c", times, 0));
  mode_of("c", 0);
  SHOW(*(s64 *)(buffer + 72) * 1000 + *(s64 *)(buffer + 80) / 10 + *(s64 *)(buffer + 88) * 10 + *(s64 *)(buffer + 96) / 1000);
  times[1] = 2000000000;
  SHOW(CALL(SYS_utimensat, AT_FDCWD, "c", times, 0));
  SHOW(CALL(SYS_newfstatat, AT_FDCWD, "c", BAD, 0));
  SHOW(CALL(SYS_newfstatat, AT_FDCWD, "", buffer, 0));
  SHOW(CALL(SYS_newfstatat, 1, "", buffer, 0x1000));
  SHOW(CALL(SYS_fstat, 99, buffer));
  SHOW(CALL(SYS_statx, AT_FDCWD, "c", 0, 0x7ff, buffer));
  SHOW(*(unsigned short *)(buffer + 28));
  SHOW(CALL(SYS_statx, AT_FDCWD, "none", 0, 0x7ff, buffer));
}

static void devices(void) {
  s64 fd = open_at("/dev/null", 2, 0);
  SHOW(CALL(SYS_write, fd, "gone", 4));
  SHOW(CALL(SYS_read, fd, buffer, 4));
  mode_of("/dev/null", 0);
  SHOW(*(u32 *)(buffer + 16) & 0170000);
  SHOW(*(u64 *)(buffer + 32));
  CALL(SYS_close, fd);
  fd = open_at("/dev/zero", 0, 0);
  buffer[3] = 1;
  SHOW(CALL(SYS_read, fd, buffer, 4));
  SHOW(buffer[3]);
  CALL(SYS_close, fd);
  fd = open_at("/dev/full", 1, 0);
  SHOW(CALL(SYS_write, fd, "x", 1));
  CALL(SYS_close, fd);
  fd = open_at("/dev/urandom", 0, 0);
  SHOW(CALL(SYS_read, fd, buffer, 100));
  CALL(SYS_close, fd);
  SHOW(CALL(SYS_getrandom, buffer, 100, 0));
  SHOW(CALL(SYS_getrandom, buffer, 100, 8));
  SHOW(CALL(SYS_getrandom, BAD, 100, 0));
  SHOW(open_at("/nowhere/at/all", 0, 0));
  fd = open_at("/proc/self/maps", 0, 0);
  SHOW(CALL(SYS_read, fd, buffer, 100) > 20);
  SHOW(CALL(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", buffer, 100) > 3);
}

static int run(int argc, char **argv) {
  for (int i = 0; i < 299; i++) long_name[i] = 'n';
  for (int i = 0; i < 255; i++) name_255[i] = 'm';
  SHOW(argc);
  SHOW(CALL(SYS_umask, 022) >= 0);
  SHOW(CALL(SYS_chdir, argv[1]));
  opening();
  transferring();
  descriptors();
  naming();
  devices();
  return 0;
}
