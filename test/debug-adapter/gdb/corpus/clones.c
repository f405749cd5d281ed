/* Functions that GCC makes copies of: for a constant argument, of a part, without an argument that is not used. */
volatile int sink, condition;
int numbers[10];
struct three {
  int a, b, c;
};
__attribute__((noinline)) int scaled(int a, int k)
{
  int r = 0;
  for (int i = 0; i < a; i++) {
    r += a * k + i;
    sink = r;
    if (k == 7) {
      sink = 1;
      r += condition;
    }
  }
  return r;
}
__attribute__((noinline)) static int narrow(struct three *three, int unused)
{
  int t = three->a * 3;
  sink = t;
  return t + three->a;
}
static int partly(int *p)
{
  if (!p) return 0;
  int s = 0;
  for (int i = 0; i < 10; i++) {
    s += p[i];
    sink = s;
    s ^= i;
    condition = s;
    s += p[i] * 2;
    sink = s;
  }
  for (int i = 0; i < 5; i++) {
    s -= p[i];
    sink = s + i;
  }
  return s;
}
__attribute__((noinline)) int pointed(int (*f)(int, int), int x)
{
  return f(x, x + 1);
}
int main(void)
{
  int s = 0;
  for (int i = 0; i < 3; i++) {
    struct three three = {i, 2, 3};
    s += scaled(i, 7) + scaled(i + 1, 7);
    s += narrow(&three, 1);
    s += partly(condition ? 0 : numbers) + partly(i & 1 ? numbers : 0) + partly(i > 1 ? numbers : 0);
  }
  return (s + pointed(scaled, 3)) & 15;
}
