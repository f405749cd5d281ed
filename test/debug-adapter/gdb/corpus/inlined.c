/* Calls that compilers inline into one another. */
static inline __attribute__((always_inline)) int square(int v) {
  int s = v * v;
  return s + 1;
}
static inline __attribute__((always_inline)) int both(int a, int b) {
  int x = square(a);
  int y = square(b);
  return x + y;
}
volatile int sink;
__attribute__((noinline)) int work(int n) {
  int t = 0;
  for (int i = 0; i < n; i++) {
    t += both(i, n);
    sink = t;
  }
  return t;
}
int main(int argc, char **argv) {
  int r = work(3);
  sink = both(r, 2);
  return r & 15;
}
