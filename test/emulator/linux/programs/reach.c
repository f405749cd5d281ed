/* What of a mounted folder and of the host can be reached: argv[1] is the mount. */
#include "call.h"

static char buffer[8192];

static s64 read_of(const char *path) {
  s64 fd = CALL(SYS_openat, AT_FDCWD, path, 0, 0);
  if (fd < 0) return fd;
  s64 size = CALL(SYS_read, fd, buffer, 100);
  CALL(SYS_close, fd);
  return size;
}

static int run(int argc, char **argv) {
  SHOW(CALL(SYS_chdir, argv[1]));
  for (int i = 2; i < argc; i++) show(argv[i], read_of(argv[i]));
  SHOW(CALL(SYS_openat, AT_FDCWD, "plain", 1, 0));
  SHOW(CALL(SYS_openat, AT_FDCWD, "plain", 2, 0));
  SHOW(CALL(SYS_openat, AT_FDCWD, "plain", 01001, 0));
  SHOW(CALL(SYS_openat, AT_FDCWD, "new", 0101, 0644));
  SHOW(CALL(SYS_mkdirat, AT_FDCWD, "new", 0755));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "plain", 0));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, "inner", 0x200));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "plain", AT_FDCWD, "x", 0));
  SHOW(CALL(SYS_renameat2, AT_FDCWD, "plain", AT_FDCWD, "/tmp/x", 0));
  SHOW(CALL(SYS_symlinkat, "x", AT_FDCWD, "y"));
  SHOW(CALL(SYS_linkat, AT_FDCWD, "plain", AT_FDCWD, "y", 0));
  SHOW(CALL(SYS_truncate, "plain", 0));
  SHOW(CALL(SYS_fchmodat, AT_FDCWD, "plain", 0777));
  SHOW(CALL(SYS_utimensat, AT_FDCWD, "plain", 0, 0));
  SHOW(CALL(SYS_faccessat, AT_FDCWD, "plain", 4));
  SHOW(CALL(SYS_faccessat, AT_FDCWD, "plain", 2));
  SHOW(CALL(SYS_unlinkat, AT_FDCWD, argv[1], 0x200));
  s64 length = CALL(SYS_getcwd, buffer, sizeof buffer);
  print(length > 0 ? buffer : "?");
  return 0;
}
