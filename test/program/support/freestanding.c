/* A program without a C library: loops, recursion, an inlined function, a structure. */
static int helper(int a, int b) {
  int sum = 0;
  for (int i = 0; i < b; i++) {
    sum += a;
    if (sum > 100) sum -= 3;
  }
  return sum;
}
int fib(int n)
{
  if (n < 2)
    return n;
  return fib(n - 1) + fib(n - 2);
}
__attribute__((noinline)) int leaf(int *p) {
  return *p + 1;
}
void _start(void) {
  int x = helper(3, 40);
  x += fib(6) + leaf(&x);
  register long a0 asm("a0") = x & 0x7f;
  register long a7 asm("a7") = 93;
  asm volatile("ecall" : : "r"(a0), "r"(a7));
  __builtin_unreachable();
}
