/* What a C library gives, printed: the same under every machine that is right. */
#define _GNU_SOURCE
#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

static __thread int local = 41;
static __thread char local_zero[100];

static void formats(void) {
  const double values[] = {0.0, -0.0, 1.0 / 3, 1e-310, 6.02214076e23, 123456789.987654321, INFINITY, -NAN, 5e-324, 1.7976931348623157e308};
  for (unsigned i = 0; i < sizeof values / sizeof *values; i++)
    printf("%f|%e|%g|%a|%.0f|%20.12g|%+.3e|%-15.2f|\n", values[i], values[i], values[i], values[i], values[i], values[i], values[i], values[i]);
  printf("%d %5d %-5d %05d %+d %x %#X %o %c %s %.3s %*d %p %% %lld %zu\n", 42, 42, 42, 42, 42, 255, 255, 8, 'c', "text", "cut off", 7, 1, (void *)0x1234, LLONG_MIN, (size_t)-1);
  printf("%Lf %.30Lg\n", 1.0L / 3, 2.0L / 3);
  float f = 16777217.0f;
  printf("%f %.9g %a\n", f, 0.1f, 0.1f);
  char text[64];
  int written = snprintf(text, sizeof text, "%s-%08.3f-%" PRIx64, "id", 3.14159, UINT64_C(0xdeadbeefcafe));
  printf("%d %s\n", written, text);
  double a;
  float b;
  int n;
  char word[16];
  written = sscanf("3.25 1e-3 word 0x1f", "%lf %f %15s %i", &a, &b, word, &n);
  printf("%d %g %g %s %d\n", written, a, b, word, n);
  printf("%.17g %.17g %ld %lu\n", strtod("0x1.8p3", 0), strtod("1e400", 0), strtol("-0777", 0, 0), strtoul("zz", 0, 36));
}

static void mathematics(void) {
  for (double x = -3.5; x < 4; x += 1.25) {
    printf("%.17g: %.17g %.17g %.17g %.17g %.17g\n", x, sin(x), cos(x), tan(x), exp(x), atan2(x, 2));
    printf("%.17g %.17g %.17g %.17g %.17g\n", sqrt(fabs(x)), log(fabs(x)), pow(fabs(x), 1.7), cbrt(x), hypot(x, 3));
    printf("%.17g %.17g %.17g %.17g %ld %ld\n", floor(x), ceil(x), round(x), rint(x), lround(x), lrint(x));
    printf("%.17g %.17g %.17g %.17g %.17g\n", fmod(x, 1.3), remainder(x, 1.3), fma(x, x, x), copysign(2, x), nextafter(x, 9));
    printf("%.17g %.17g %.17g %.17g\n", tgamma(fabs(x) + 1), lgamma(fabs(x) + 1), erf(x), sinh(x));
    printf("%.9g %.9g %.9g %.9g\n", sinf((float)x), expf((float)x), logf(fabsf((float)x)), powf(fabsf((float)x), 0.3f));
  }
  int exponent;
  double fraction = frexp(1234.5, &exponent), whole;
  printf("%g %d %g %g %g\n", fraction, exponent, ldexp(fraction, 3), modf(-3.75, &whole), whole);
  printf("%d %d %d %d %d\n", isnan(NAN) != 0, isinf(INFINITY) != 0, fpclassify(1e-310) == FP_SUBNORMAL, signbit(-0.0) != 0, isgreater(1.0, NAN));
}

static int by_text(const void *left, const void *right) { return strcmp(*(char *const *)left, *(char *const *)right); }
static int by_value(const void *left, const void *right) { return (*(const int *)left > *(const int *)right) - (*(const int *)left < *(const int *)right); }

static void memory(void) {
  void *blocks[500] = {0};
  unsigned state = 12345, sum = 0;
  for (int round = 0; round < 20000; round++) {
    state = state * 1103515245 + 12345;
    unsigned at = (state >> 8) % 500, size = (state >> 4) % (round % 100 == 0 ? 300000 : 2000) + 1;
    if (blocks[at]) {
      sum += *(unsigned char *)blocks[at];
      if (state & 0x10000) {
        blocks[at] = realloc(blocks[at], size);
        *(unsigned char *)blocks[at] = (unsigned char)round;
      } else {
        free(blocks[at]);
        blocks[at] = 0;
      }
    } else {
      blocks[at] = state & 0x20000 ? calloc(1, size) : malloc(size);
      memset(blocks[at], round, size);
    }
  }
  for (int at = 0; at < 500; at++) free(blocks[at]);
  printf("sum %u\n", sum);
  void *aligned = 0;
  printf("%d %d\n", posix_memalign(&aligned, 4096, 10000), (int)((uintptr_t)aligned % 4096));
  free(aligned);
  errno = 0;
  void *volatile huge = malloc((size_t)1 << 60);
  printf("%d %s\n", huge == 0, strerror(errno));
  char *names[] = {"pear", "apple", "fig", "banana", "cherry", "date", "elderberry", "grape"};
  qsort(names, 8, sizeof *names, by_text);
  for (int i = 0; i < 8; i++) printf("%s ", names[i]);
  int numbers[1000];
  for (int i = 0; i < 1000; i++) numbers[i] = (i * 7919) % 1009 - 500;
  qsort(numbers, 1000, sizeof *numbers, by_value);
  int wanted = numbers[333], *found = bsearch(&wanted, numbers, 1000, sizeof *numbers, by_value);
  printf("%d %d %d %d\n", numbers[0], numbers[500], numbers[999], found && *found == wanted);
  printf("%d %d %s %d\n", local++, local, strncpy(local_zero, "tls", 99), local_zero[99]);
}

static jmp_buf back;
static sigjmp_buf out_of_fault;
static volatile sig_atomic_t caught, info_code;
static volatile double kept;

static void descend(int depth) {
  if (depth == 0) longjmp(back, 7);
  descend(depth - 1);
}
static void on_signal(int number) { caught = number; }
static void on_fault(int number, siginfo_t *info, void *context) {
  caught = number;
  info_code = info->si_code;
  siglongjmp(out_of_fault, 1);
}
static void on_user(int number, siginfo_t *info, void *context) {
  /* Floating-point work in a handler must not show outside. */
  kept = sqrt(2.0) * number;
  caught = number;
}

static void control(void) {
  volatile int count = 0;
  int value = setjmp(back);
  count++;
  if (value == 0) descend(10);
  printf("longjmp %d, %d times\n", value, count);
  signal(SIGUSR1, on_signal);
  raise(SIGUSR1);
  printf("caught %d\n", caught == SIGUSR1);
  struct sigaction action = {0};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, 0);
  if (sigsetjmp(out_of_fault, 1) == 0) *(volatile int *)8 = 1;
  printf("fault %d %d\n", caught == SIGSEGV, info_code == SEGV_MAPERR);
  char *page = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (sigsetjmp(out_of_fault, 1) == 0) *page = 1;
  printf("fault %d %d\n", caught == SIGSEGV, info_code == SEGV_ACCERR);
  munmap(page, 4096);
  action.sa_sigaction = on_user;
  sigaction(SIGUSR2, &action, 0);
  double sum = 0;
  for (int i = 1; i < 20; i++) {
    sum += 1.0 / i;
    if (i % 5 == 0) raise(SIGUSR2);
  }
  printf("%.17g %.17g\n", sum, kept);
  sigset_t set, old;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, &old);
  caught = 0;
  raise(SIGUSR1);
  printf("blocked %d ", caught);
  sigprocmask(SIG_SETMASK, &old, 0);
  printf("then %d\n", caught == SIGUSR1);
}

static void files(void) {
  char path[64] = "library.tmp";
  FILE *file = fopen(path, "w+");
  if (!file) { printf("fopen: %s\n", strerror(errno)); return; }
  for (int i = 0; i < 1000; i++) fprintf(file, "line %d of %g\n", i, i / 7.0);
  fseek(file, -20, SEEK_END);
  char line[100];
  while (fgets(line, sizeof line, file)) fputs(line, stdout);
  printf("at %ld\n", ftell(file));
  rewind(file);
  int lines = 0;
  while (fgets(line, sizeof line, file)) lines++;
  printf("%d lines, end %d\n", lines, feof(file) != 0);
  fclose(file);
  struct stat status;
  printf("%d %ld %o\n", stat(path, &status), (long)status.st_size, status.st_mode & S_IFMT);
  int fd = open(path, O_RDONLY);
  char *mapped = mmap(0, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  printf("%.12s %zd\n", mapped, pread(fd, line, 10, 100));
  munmap(mapped, (size_t)status.st_size);
  close(fd);
  mkdir("library.dir", 0755);
  const char *names[] = {"library.dir/b", "library.dir/a", "library.dir/c"};
  for (int i = 0; i < 3; i++) fclose(fopen(names[i], "w"));
  DIR *folder = opendir("library.dir");
  char *found[10];
  int count = 0;
  for (struct dirent *entry; (entry = readdir(folder));) found[count++] = strdup(entry->d_name);
  closedir(folder);
  qsort(found, (size_t)count, sizeof *found, by_text);
  for (int i = 0; i < count; i++) printf("%s ", found[i]);
  printf("\n%d %d", rename("library.dir/a", "library.dir/d"), access("library.dir/a", F_OK));
  printf(" %s %d", strerror(errno), rmdir("library.dir"));
  printf(" %s\n", strerror(errno));
  for (int i = 0; i < 3; i++) remove(names[i]);
  printf("%d %d %d\n", remove("library.dir/d"), rmdir("library.dir"), remove(path));
  printf("%d %s\n", open("none", O_RDONLY), strerror(errno));
  FILE *temporary = tmpfile();
  printf("%d\n", temporary != 0 && fputs("x", temporary) >= 0);
}

static void times(void) {
  struct timespec before, after, pause = {0, 5000000};
  clock_gettime(CLOCK_MONOTONIC, &before);
  nanosleep(&pause, 0);
  clock_gettime(CLOCK_MONOTONIC, &after);
  long passed = (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec;
  printf("slept %d\n", passed >= 5000000);
  time_t moment = 1700000000;
  struct tm *parts = gmtime(&moment);
  char text[64];
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %j", parts);
  printf("%s %ld\n", text, (long)mktime(parts));
  printf("%d\n", clock() >= 0 && time(0) >= 0);
}

static int total(int count, ...) {
  va_list list;
  va_start(list, count);
  double sum = 0;
  for (int i = 0; i < count; i++) sum += i % 2 ? va_arg(list, double) : va_arg(list, int);
  va_end(list);
  return (int)(sum * 100);
}

int main(int argc, char **argv) {
  printf("%d arguments\n", argc - 1);
  for (int i = 1; i < argc && i < 4; i++) printf("[%s]\n", argv[i]);
  printf("%s %s\n", getenv("GREETING") ? getenv("GREETING") : "no greeting", getenv("NONE") ? "?" : "none");
  formats();
  mathematics();
  memory();
  control();
  files();
  times();
  printf("%d\n", total(6, 1, 2.5, 3, 4.25, 5, 6.125));
  printf("%s %d %zu\n", setlocale(LC_ALL, "C"), toupper('q'), wcslen(L"wide"));
  char input[100];
  while (fgets(input, sizeof input, stdin)) printf("in: %s", input);
  fprintf(stderr, "done\n");
  fflush(stdout);
  struct iovec parts[2] = {{"to", 2}, {"gether\n", 7}};
  if (writev(1, parts, 2) != 9) return 1;
  exit(argc > 100 ? 99 : 17);
}
