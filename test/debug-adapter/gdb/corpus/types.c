/* Types of C, for comparison with what gdb's ptype and whatis print. */
typedef unsigned long size;
typedef size length;
typedef struct point { int x, y; } point;
typedef struct { point at; size count; } unnamed;
typedef int (*handler)(struct point *, size, ...);
typedef const volatile char *text;
struct list { int value; struct list *next; struct { int depth; union { long l; struct { char c; }; }; } inner; enum { A, B = 5 } which; };
union choice { int i; float f; struct point p; };
enum level { LOW = -1, MID, HIGH = 1000 };
enum big { HUGE_ONE = 0x100000000L, NEXT };
struct bits { unsigned a : 3; int b : 5; _Bool c : 1; long d : 40; };
struct flexible { int count; short items[]; };
struct opaque;
struct odd { int *restrict one; int *const volatile two; _Atomic int three; _Atomic(int *) four; const struct point *five; handler six[2]; void (*seven)(void (*)(int)); char eight[3][4]; struct opaque *nine; double _Complex ten; };
point p;
unnamed u;
handler h;
text t;
struct list list;
union choice choice;
enum level level;
enum big big;
struct bits bits;
struct flexible *flexible;
struct opaque *opaque;
struct odd odd;
const point *points[3];
point (*matrix)[2][3];
int (*(*returns)(int))[4];
int (*table[2][3])(point, ...);
void (*unprototyped)();
int main(int argc, char **argv)
{
  struct local { int n; point q; } local = {argc, p};
  int vla[argc + 2];
  register float real = 1.5f;
  static const unsigned char bytes[] = "abc";
  vla[0] = local.n;
  unprototyped = (void (*)())main;
  return vla[0] + (int)real + bytes[0] + (argv != 0); /* stop: types */
}
