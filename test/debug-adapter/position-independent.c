typedef unsigned long word;
struct relocation {
  word place, info, addend;
};
extern struct {
  word tag, value;
} _DYNAMIC[] __attribute__((visibility("hidden")));
extern char __ehdr_start __attribute__((visibility("hidden")));

struct point {
  int x, y;
};
static struct point origin = {3, 4};
int table[4] = {1, 2, 3, 4};
const char *names[] = {"one", "two"};

static long call(long number, long a, long b, long c) {
  register long a7 __asm__("a7") = number, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  return a0;
}

__attribute__((noinline)) int square(int number, const char *name) {
  int result = number * number + (name[0] == 't');
  for (int index = 0; index < 2; index++) {
    int part = table[(number + index) & 3];
    result += part + origin.x; /* in the loop */
  }
  origin.y = result;
  return result;
}

__attribute__((noinline)) int run(int rounds) {
  int sum = 0;
  for (int round = 0; round < rounds; round++)
    sum += square(round, names[round & 1]);
  call(64, 1, (long)names[1], 3);
  return sum;
}

#ifdef RELOCATES
/* The program writes its own addresses before it uses them, as static-pie programs of C libraries do. */
__attribute__((noinline)) static void relocate(void) {
  word base = (word)&__ehdr_start, first = 0, size = 0;
  for (int index = 0; _DYNAMIC[index].tag; index++) {
    if (_DYNAMIC[index].tag == 7) first = base + _DYNAMIC[index].value;
    if (_DYNAMIC[index].tag == 8) size = _DYNAMIC[index].value;
  }
  for (struct relocation *one = (struct relocation *)first; (word)one < first + size; one++)
    if ((one->info & 0xffffffff) == 3) *(word *)(base + one->place) = base + one->addend;
}
#else
static void relocate(void) {}
#endif

__attribute__((used)) void start(void) {
  relocate();
  call(93, run(4) & 0x7f, 0, 0);
}

__asm__(".globl _start\n_start:\n.option push\n.option norelax\n lla gp, __global_pointer$\n.option pop\n j start\n");
