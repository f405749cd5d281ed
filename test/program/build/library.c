/* Uses all of the C runtime; what it prints must be what any C library makes of it. */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int ascending(const void *a, const void *b) {
  int left = *(const int *)a, right = *(const int *)b;
  return (left > right) - (left < right);
}

static void formats(void) {
  static const int widths[] = {0, 1, 6, -6, 12};
  static const long values[] = {0, 1, -1, 42, -4711, INT_MAX, INT_MIN, LONG_MAX, LONG_MIN};
  for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
    long value = values[v];
    printf("[%d|%5d|%-5d|%05d|%+d|% d|%.3d|%8.3d|%-8.3d|%+.0d]\n", (int)value, (int)value, (int)value, (int)value, (int)value, (int)value,
           (int)value, (int)value, (int)value, (int)value);
    printf("[%u|%x|%X|%#x|%#o|%o|%08x|%#010x]\n", (unsigned)value, (unsigned)value, (unsigned)value, (unsigned)value, (unsigned)value,
           (unsigned)value, (unsigned)value, (unsigned)value);
    printf("[%ld|%lld|%lu|%lx|%20ld|%-20ld|%020ld]\n", value, (long long)value, (unsigned long)value, (unsigned long)value, value, value, value);
    printf("[%hd|%hhd|%hu|%hhu|%zd|%jd|%td]\n", (short)value, (signed char)value, (unsigned short)value, (unsigned char)value, (ssize_t)value,
           (intmax_t)value, (ptrdiff_t)value);
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) printf("[%*d|%*s|%.*s]", widths[w], (int)value, widths[w], "abc", widths[w], "precision");
    printf("\n");
  }
  printf("[%" PRId8 "|%" PRIu16 "|%" PRIi32 "|%" PRIX32 "|%" PRIx64 "|%" PRIo64 "|%" PRIdMAX "|%" PRIuPTR "]\n", (int8_t)-3, (uint16_t)65535,
         INT32_MIN, UINT32_C(0xabcdef), UINT64_MAX, (uint64_t)8, INTMAX_MIN, (uintptr_t)9);
  printf("[%s|%10s|%-10s|%.2s|%c|%3c|%-3c|%%|%p]\n", "text", "right", "left", "cut", 'x', 'y', 'z', (void *)0x1234);
}

static void strings(void) {
  char text[64] = "one";
  strcat(text, " two");
  strncat(text, " three and more", 6);
  printf("%s %zu %zu\n", text, strlen(text), strnlen(text, 5));
  printf("%d %d %d %d\n", strcmp("a", "b") < 0, strcmp("b", "a") > 0, strcmp("a", "a"), strncmp("abc", "abd", 2));
  printf("%s %s %s %d %d\n", strchr(text, 't'), strrchr(text, 't'), strstr(text, "wo"), strstr(text, "four") == NULL, strchr(text, 0) == text + strlen(text));
  memmove(text + 1, text, 5);
  memmove(text + 10, text + 11, 3);
  printf("%s %d %d\n", text, memcmp("abc", "abd", 3) < 0, memchr("abc", 'c', 2) == NULL);
  char padded[8];
  memset(padded, 'x', sizeof padded);
  strncpy(padded, "ab", 5);
  printf("%c%c%d%d%d%c\n", padded[0], padded[1], padded[2], padded[3], padded[4], padded[5]);
  char *copy = strdup("copied");
  printf("%s\n", copy);
  free(copy);
  char cut[8];
  printf("%d %s\n", snprintf(cut, sizeof cut, "%s %d", "truncated", 12), cut);
  printf("%d %s\n", snprintf(NULL, 0, "%d", 12345), sprintf(cut, "%d", 77) == 2 ? cut : "?");
}

static void numbers(void) {
  char *end;
  printf("%d %d %ld %ld %ld\n", atoi(" -42x"), atoi("+7"), strtol("0x1F", NULL, 0), strtol("077", NULL, 0), strtol("zz", NULL, 36));
  long value = strtol("12ab", &end, 10);
  printf("%ld %s|\n", value, end);
  value = strtol("none", &end, 10);
  printf("%ld %s|\n", value, end);
  printf("%lu %d %ld\n", strtoul("18446744073709551615", NULL, 10), abs(-3), labs(-4L));
  int values[100];
  for (int i = 0; i < 100; i++) values[i] = (i * 7919) % 101 - 50;
  qsort(values, 100, sizeof *values, ascending);
  for (int i = 1; i < 100; i++) assert(values[i - 1] <= values[i]);
  printf("%d %d %d %d\n", values[0], values[99], isalpha('x') != 0, toupper('q'));
}

static void memory(void) {
  static unsigned char *blocks[64];
  static size_t sizes[64];
  unsigned seed = 1;
  for (int round = 0; round < 2000; round++) {
    seed = seed * 1103515245 + 12345;
    int slot = (int)(seed >> 16) % 64;
    if (blocks[slot]) {
      for (size_t i = 0; i < sizes[slot]; i++) assert(blocks[slot][i] == (unsigned char)slot);
      if (seed & 0x800) {
        size_t larger = sizes[slot] + 40;
        blocks[slot] = realloc(blocks[slot], larger);
        assert(blocks[slot] && blocks[slot][0] == (unsigned char)slot);
        memset(blocks[slot], slot, larger);
        sizes[slot] = larger;
        continue;
      }
      free(blocks[slot]);
    }
    sizes[slot] = (seed >> 8) % 500 + 1;
    blocks[slot] = slot % 2 ? malloc(sizes[slot]) : calloc(sizes[slot], 1);
    assert(blocks[slot] && (uintptr_t)blocks[slot] % 16 == 0);
    for (size_t i = 0; slot % 2 == 0 && i < sizes[slot]; i++) assert(blocks[slot][i] == 0);
    memset(blocks[slot], slot, sizes[slot]);
  }
  free(NULL);
  static void *volatile large;
  static volatile size_t half = SIZE_MAX / 2;
  large = malloc(half + 1);
  bool refused = large == NULL;
  large = calloc(half, 4);
  printf("memory %d %d\n", refused, large == NULL);
}

int main(int argc, char **argv) {
  formats();
  strings();
  numbers();
  memory();
  struct timespec now;
  assert(clock_gettime(CLOCK_MONOTONIC, &now) == 0 && now.tv_nsec < 1000000000);
  ssize_t result = read(77, &now, 1);
  printf("%zd %d\n", result, errno == EBADF);
  printf("%zu %zu\n", fwrite("ab\n", 1, 3, stdout), fwrite("", 1, 0, stdout));
  char line[16];
  while (fgets(line, sizeof line, stdin)) printf("<%s>", line);
  printf("%d %s %d\n", argc, argv[1], getchar() == EOF);
  fputs("to the error output\n", stderr);
  putchar('!');
  puts("end");
  exit(7);
}
