/* Variables of all kinds, for comparison with gdb at random instructions. */
#define NULL ((void *)0)

enum color { RED, GREEN, BLUE = 5 };
enum flags { READ = 1, WRITE = 2, EXEC = 4 };
struct point { int x; int y; };
typedef struct node { struct node *next; const char *name; struct point at; unsigned int low : 3; int mid : 5; unsigned long big : 40; } node_t;
union number { int i; float f; unsigned char bytes[4]; };
typedef int (*binary_t)(int, int);
static int counter = 42;
int table[3][4] = {{1,2,3,4},{5,6,7,8},{9,10,11,12}};
const char *greeting = "hello\n\"world\"";
double ratio = 0.1;
float half = 0.1f;
long double huge = 1.0L / 3;
_Bool yes = 1;
char letters[10] = "abc";
char filled[100] = "abc";
int zeros[50];
__int128 wide = ((__int128)1 << 100) + 7;
int add(int a, int b) { return a + b; }
__attribute__((noinline)) static int visit(node_t *list, int depth, binary_t op, union number u, enum color c, enum flags f)
{
  int total = 0;
  static int calls;
  calls++;
  for (node_t *each = list; each; each = each->next) {
    int here = op(each->at.x, each->at.y);
    total += here + depth;
    if (total > 100000) { volatile char note = 'x'; total -= note; }
  }
  return total + u.i + c + f + calls;
}
__attribute__((noinline)) int vla(int n)
{
  int values[n];
  for (int i = 0; i < n; i++) values[i] = i * i;
  int sum = 0;
  for (int i = 0; i < n; i++) sum += values[i];
  return sum;
}
__attribute__((noinline)) int mix(long d, short f, int i, struct point p) { long r = d * f + i + p.x; return r; }
/* What earlier calls have left on the stack would show in variables that are not set yet. */
__attribute__((noinline)) static void scrub(void)
{
  __asm__ volatile("addi t0, sp, -512\n1: sd zero, 0(t0)\n addi t0, t0, 8\n bne t0, sp, 1b" ::: "t0", "memory");
}

int main(int argc, char **argv)
{
  struct point origin = {0, -1};
  node_t tail = { NULL, "tail", {3, 4}, 7, -3, 123456789 };
  node_t head = { &tail, "head", {1, 2}, 5, 15, 1 };
  union number u = { .f = 1.5f };
  scrub();
  int r = visit(&head, 2, add, u, GREEN, READ | EXEC);
  scrub();
  r += vla(5);
  scrub();
  r += mix(25, 5, r, origin);
  counter += r;
  return counter & 0x7f;
}
