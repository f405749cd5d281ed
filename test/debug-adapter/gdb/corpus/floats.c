/* Floating-point values in registers and memory under lp64d, for comparison with gdb at random instructions. */
struct pair { double low, high; };
struct mixed { float part; int count; };
struct single { double only; };
struct large { double values[3]; };
typedef struct { float x, y, z; } vector_t;
typedef double (*function_t)(double);
union real { double number; unsigned long bits; float halves[2]; };

double origin = 1e-300;
float single_precision = 16777216.0f;
double infinite = 1e308 * 10;
volatile double zero;
long double third = 1.0L / 3;
long double largest = 1e4000L;
double _Complex turn = 1.5 + 2.5i;
float _Complex back = -1.0f - 0.5fi;
static const double table[4] = { 0.5, -0.25, 1e100, 3 };
struct pair limits = { -1.5, 2.5 };
vector_t up = { 0, 0, 1 };

__attribute__((noinline)) static double square(double x) { return x * x; }
__attribute__((noinline)) static double half(double x)
{
  double result = x / 2;
  return result;
}
__attribute__((noinline)) static float dot(vector_t a, vector_t b)
{
  float sum = a.x * b.x;
  sum += a.y * b.y;
  sum += a.z * b.z;
  return sum;
}
__attribute__((noinline)) static struct pair ordered(double a, double b)
{
  struct pair result = { a, b };
  if (a > b) {
    result.low = b;
    result.high = a;
  }
  return result;
}
__attribute__((noinline)) static double many(double a, float b, int c, struct mixed d, struct pair e, struct single f, long g, double h,
                                             double i, double j)
{
  double sum = a + b + c;
  sum += d.part * d.count;
  sum += e.low - e.high + f.only;
  return sum + g + h * i - j;
}
__attribute__((noinline)) static double integrate(function_t f, double from, double to, int steps)
{
  const double width = (to - from) / steps;
  double sum = 0;
  for (int step = 0; step < steps; step++) {
    double at = from + width * (step + 0.5);
    float rough = (float)f(at);
    sum += rough * width;
  }
  return sum;
}
__attribute__((noinline)) static double power(double base, unsigned exponent)
{
  if (exponent == 0) return 1;
  double rest = power(base, exponent / 2);
  return exponent % 2 ? rest * rest * base : rest * rest;
}
__attribute__((noinline)) static double total(struct large all, const double *more, int count)
{
  double sum = all.values[0] + all.values[1] + all.values[2];
  for (int index = 0; index < count; index++) sum += more[index];
  return sum;
}
/* What earlier calls have left on the stack and in f registers would show in variables that are not set yet. */
__attribute__((noinline)) static void scrub(void)
{
  __asm__ volatile("addi t0, sp, -512\n1: sd zero, 0(t0)\n addi t0, t0, 8\n bne t0, sp, 1b" ::: "t0", "memory");
}

int main(void)
{
  volatile double sink = 0;
  union real seen = { .number = 1.0 };
  scrub();
  sink += integrate(square, 0, 1, 4);
  sink += integrate(half, -1, zero + 3, 3);
  struct mixed mixed = { 0.1f, 3 };
  struct pair sorted = ordered(2.5, zero - 1);
  scrub();
  sink += many(1.25, 2.5f, 3, mixed, sorted, (struct single){ 7 }, 9, sorted.high, 0.1, 1e-3);
  sink += dot(up, (vector_t){ 1, 2, 3 });
  sink += power(1.5, 6);
  scrub();
  sink += total((struct large){ { 1, 2, sink } }, table, 4);
  seen.number = sink;
  return (int)(seen.bits >> 52) & 0x7f;
}
