/* Functions of the shapes that make unwinding hard. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

static volatile long sink;

NOINLINE static long leaf(long a) {
  return a * 3 + 1;
}

/* An early return before the frame is made. */
NOINLINE static long shrink_wrapped(long n) {
  if (n < 2) return n;
  long half = shrink_wrapped(n / 2);
  return half + leaf(n);
}

/* A frame too large for one addi. */
NOINLINE static long large_frame(long n) {
  char bytes[9000];
  memset(bytes, (int)n, sizeof bytes);
  sink = leaf(bytes[n % 9000]);
  return bytes[17] + (long)strlen("large");
}

/* sp moves by an amount known only at run time. */
NOINLINE static long dynamic_frame(long n) {
  char *bytes = __builtin_alloca((unsigned long)n * 8);
  memset(bytes, 1, (unsigned long)n * 8);
  return leaf(bytes[n]) + n;
}

/* A jump table with calls behind it. */
NOINLINE static long switched(long n) {
  switch (n) {
    case 0: return leaf(1);
    case 1: return large_frame(2) + 1;
    case 2: return leaf(3) * 5;
    case 3: return dynamic_frame(4) - 1;
    case 4: return shrink_wrapped(40);
    case 5: sink = leaf(6); return sink ^ 7;
    case 6: return leaf(7) + leaf(8);
    case 7: return leaf(9) - leaf(10) * leaf(11);
    default: return -1;
  }
}

/* A tail call. */
NOINLINE static long tail(long n) {
  return switched(n + 1);
}

/* A call that does not return, before code that is reached around it. */
NOINLINE static void fail(const char *why) {
  puts(why);
  exit(3);
}

NOINLINE static long checked(long n) {
  if (n > 1000) fail("too large");
  long sum = leaf(n);
  if (n < 0) fail("too small");
  return sum + leaf(n + 1);
}

/* Many arguments, some on the stack. */
NOINLINE static long many(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) {
  return leaf(a + b) + leaf(c + d) + e + f + g + h + leaf(i * j);
}

NOINLINE static int compare(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}

int main(void) {
  long sum = 0;
  for (long n = 0; n < 9; n++) sum += switched(n) + tail(n - 1) + checked(n);
  int values[] = {5, 2, 8, 1};
  qsort(values, 4, sizeof *values, compare);
  sum += many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) + values[0];
  printf("%ld\n", sum);
  return 0;
}
