/* Raw system calls and a line printer for programs that run without a C library. */
#pragma once

typedef unsigned long u64;
typedef long s64;
typedef unsigned int u32;

static inline s64 call(s64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
  register s64 a0 __asm__("a0") = (s64)a;
  register u64 a1 __asm__("a1") = b, a2 __asm__("a2") = c, a3 __asm__("a3") = d, a4 __asm__("a4") = e, a5 __asm__("a5") = f;
  register s64 a7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
  return a0;
}
#define CALL_6(n, a, b, c, d, e, f, ...) call(n, (u64)(a), (u64)(b), (u64)(c), (u64)(d), (u64)(e), (u64)(f))
#define CALL(...) CALL_6(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

enum {
  SYS_getcwd = 17, SYS_dup = 23, SYS_dup3 = 24, SYS_fcntl = 25, SYS_ioctl = 29, SYS_mkdirat = 34, SYS_unlinkat = 35,
  SYS_symlinkat = 36, SYS_linkat = 37, SYS_truncate = 45, SYS_ftruncate = 46, SYS_faccessat = 48, SYS_chdir = 49, SYS_fchdir = 50,
  SYS_fchmodat = 53, SYS_openat = 56, SYS_close = 57, SYS_pipe2 = 59, SYS_getdents64 = 61, SYS_lseek = 62, SYS_read = 63,
  SYS_write = 64, SYS_readv = 65, SYS_writev = 66, SYS_pread64 = 67, SYS_pwrite64 = 68, SYS_readlinkat = 78, SYS_newfstatat = 79,
  SYS_fstat = 80, SYS_utimensat = 88, SYS_exit = 93, SYS_futex = 98, SYS_nanosleep = 101, SYS_getitimer = 102, SYS_setitimer = 103,
  SYS_clock_gettime = 113, SYS_clock_getres = 114, SYS_clock_nanosleep = 115, SYS_kill = 129, SYS_tkill = 130, SYS_tgkill = 131,
  SYS_sigaltstack = 132, SYS_rt_sigsuspend = 133, SYS_rt_sigaction = 134, SYS_rt_sigprocmask = 135, SYS_rt_sigpending = 136,
  SYS_rt_sigtimedwait = 137, SYS_times = 153, SYS_uname = 160, SYS_umask = 166, SYS_gettimeofday = 169, SYS_getpid = 172,
  SYS_gettid = 178, SYS_sysinfo = 179, SYS_brk = 214, SYS_munmap = 215, SYS_mremap = 216, SYS_mmap = 222, SYS_mprotect = 226,
  SYS_msync = 227, SYS_mincore = 232, SYS_madvise = 233, SYS_prlimit64 = 261, SYS_renameat2 = 276, SYS_getrandom = 278, SYS_statx = 291,
};

#define AT_FDCWD (-100)

static u64 length_of(const char *text) {
  u64 length = 0;
  while (text[length]) length++;
  return length;
}

static void print(const char *text) { CALL(SYS_write, 1, text, length_of(text)); }

static void print_number(s64 value) {
  char digits[24], *at = digits + sizeof digits;
  u64 rest = value < 0 ? -(u64)value : (u64)value;
  *--at = 0;
  do *--at = (char)('0' + rest % 10); while (rest /= 10);
  if (value < 0) *--at = '-';
  print(at);
}

/* One line: what was asked, and what came of it. */
static void show(const char *what, s64 value) {
  print(what);
  print(" = ");
  print_number(value);
  print("\n");
}
#define SHOW(expression) show(#expression, (s64)(expression))

static void *bytes_at(void *to, int value, u64 size) {
  for (u64 i = 0; i < size; i++) ((volatile char *)to)[i] = (char)value;
  return to;
}
void *memset(void *to, int value, u64 size) { return bytes_at(to, value, size); }
void *memcpy(void *to, const void *from, u64 size) {
  for (u64 i = 0; i < size; i++) ((volatile char *)to)[i] = ((const char *)from)[i];
  return to;
}

static int run(int argc, char **argv);
__attribute__((used)) static void enter(u64 *stack) {
  CALL(SYS_exit, run((int)stack[0], (char **)(stack + 1)));
  for (;;) {}
}
__attribute__((naked)) void _start(void) {
  __asm__(".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\nmv a0, sp\nandi sp, sp, -16\ncall enter");
}
