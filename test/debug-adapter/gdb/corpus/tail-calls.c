/* Functions that leave by tail calls: by one way, by several, over inlined ones, in circles, through pointers. */
volatile int sink;
__attribute__((noinline)) int leaf(int a, int b)
{
  sink = a;
  int c = a * b + sink;
  sink = c;
  return c;
}
__attribute__((noinline)) int second(int a)
{
  sink++;
  return leaf(a + 1, a + 2);
}
__attribute__((noinline)) int first(int a, int k)
{
  int q = a * k;
  sink += q;
  return second(q + 1);
}
__attribute__((noinline)) int other(int a)
{
  sink--;
  return leaf(a, 7);
}
__attribute__((noinline)) int either(int a)
{
  if (a & 1) return second(a);
  return other(a);
}
__attribute__((noinline)) int odd(int n);
__attribute__((noinline)) int even(int n)
{
  sink = n;
  if (n == 0) return leaf(n, 1);
  return odd(n - 1);
}
__attribute__((noinline)) int odd(int n)
{
  sink = n;
  if (n == 0) return 0;
  return even(n - 1);
}
static inline __attribute__((always_inline)) int inlined(int z)
{
  sink = z;
  return first(z, 3);
}
__attribute__((noinline)) int over(int z)
{
  int w = z + 5;
  sink = w;
  return inlined(w);
}
__attribute__((noinline)) int pointed(int (*f)(int), int x)
{
  sink = x;
  return f(x);
}
__attribute__((noinline)) int all(int a, int b)
{
  int r = first(a, b);
  sink = r;
  r += either(b);
  r += even(4);
  r += over(a);
  r += pointed(second, b);
  r += pointed(other, a);
  return r + sink;
}
int main(void)
{
  int sum = 0;
  for (int i = 0; i < 3; i++) sum += all(i, i + 1);
  sink = sum;
  return sum & 15;
}
