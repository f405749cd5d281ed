/* Functions that expressions call: each way that the calling convention has for arguments and results. */
#include <stdarg.h>
struct small { int a; char b; };
struct pair { double low; float high; };
struct mixed { float part; long count; };
struct large { long words[5]; char tail; };
enum mode { OFF, ON = 7 };
typedef int (*function_t)(int);
int calls;
__attribute__((noinline)) int counted(int n) { calls += n; return calls; }
__attribute__((noinline)) signed char narrow(signed char a, unsigned char b, short c, unsigned short d) { return a + b + c + d; }
__attribute__((noinline)) unsigned word(unsigned a, int b) { return a - b; }
__attribute__((noinline)) unsigned long wide(unsigned long a, long b) { return a * b; }
__attribute__((noinline)) __int128 wider(__int128 a, int b, __int128 c) { return a * b - c; }
__attribute__((noinline)) float single(float a, float b) { return a / b; }
__attribute__((noinline)) double several(double a, int b, float c, long d) { return a * b + c * d; }
__attribute__((noinline)) struct small turned(struct small s, int by) { s.a += by; s.b += 1; return s; }
__attribute__((noinline)) struct pair swapped(struct pair p) { struct pair q = {p.high, (float)p.low}; return q; }
__attribute__((noinline)) struct mixed doubled(struct mixed m) { m.part *= 2; m.count *= 2; return m; }
__attribute__((noinline)) struct large filled(struct large l, long with) { for (int i = 0; i < 5; i++) l.words[i] += with; l.tail++; return l; }
__attribute__((noinline)) long many(int a, long b, int c, long d, int e, long f, int g, long h, int i, long j, char k) { return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k; }
__attribute__((noinline)) double floats(double a, double b, double c, double d, double e, double f, double g, double h, double i, float j) { return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j; }
__attribute__((noinline)) int sum(int count, ...)
{
  va_list list;
  va_start(list, count);
  int total = 0;
  for (int i = 0; i < count; i++) total = 10 * total + va_arg(list, int);
  va_end(list);
  return total;
}
__attribute__((noinline)) double sums(int count, ...)
{
  va_list list;
  va_start(list, count);
  double total = 0;
  for (int i = 0; i < count; i++) total = 10 * total + va_arg(list, double);
  va_end(list);
  return total;
}
__attribute__((noinline)) int length(const char *text) { int n = 0; while (text[n]) n++; return n; }
__attribute__((noinline)) const char *after(const char *text, int n) { return text + n; }
__attribute__((noinline)) int apply(function_t f, int n) { return f(n) + 1; }
__attribute__((noinline)) enum mode other(enum mode m) { return m == ON ? OFF : ON; }
__attribute__((noinline)) _Bool odd(int n) { return n & 1; }
__attribute__((noinline)) void reset(void) { calls = 0; }
__attribute__((noinline)) long factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }
__attribute__((noinline)) int first(int *row) { return row[0]; }
struct small s = {3, 'x'};
struct pair p = {1.5, 2.25f};
struct mixed m = {0.5f, 4};
struct large l = {{1, 2, 3, 4, 5}, 'a'};
int row[3] = {4, 5, 6};
char name[] = "called";
function_t pointer = counted;
enum mode mode = ON;
int main(void)
{
  long r = narrow(1, 2, 3, 4) + word(1, 2) + wide(1, 2) + (long)wider(1, 2, 3) + single(1, 2) + several(1, 2, 3, 4);
  r += turned(s, 1).a + swapped(p).low + doubled(m).count + filled(l, 1).tail + many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  r += floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) + sum(2, 1, 2) + sums(1, 1.0) + length(name) + *after(name, 1) + apply(counted, 1);
  reset();
  r += other(mode) + odd(3) + factorial(3) + first(row) + pointer(0);
  return (int)r; /* stop: calls */
}
