// Code of many kinds, compiled by the tests of the assembly checks, which must find nothing in it.
typedef unsigned long size_t;
typedef unsigned long uint64_t;
#define NULL ((void *)0)
extern int printf(const char *, ...);
extern void *malloc(size_t); extern void free(void *); extern void abort(void) __attribute__((noreturn));
struct node { struct node *next; int key; double weight; char name[24]; };
static struct node *head; static const int table[] = {1,2,3,5,8,13}; int counter; const char *const names[] = {"a","b","c"};
static int compare(const void *a, const void *b) { return *(const int*)a - *(const int*)b; }
struct node *insert(int key, double w) { struct node *n = malloc(sizeof *n); if (!n) abort(); n->key = key; n->weight = w * 2; n->next = head; head = n; counter++; return n; }
double total(void) { double s = 0; for (struct node *n = head; n; n = n->next) s += n->weight / (n->key + 1); return s; }
uint64_t fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
int sw(int x) { switch (x) { case 0: return 7; case 1: return 3; case 2: return counter; case 3: return 11; case 4: return -1; case 5: return 99; case 6: return 2; case 7: return 5; default: return x * 3; } }
void sort(int *a, int n) { for (int i = 1; i < n; i++) { int v = a[i], j = i - 1; while (j >= 0 && compare(&a[j], &v) > 0) { a[j+1] = a[j]; j--; } a[j+1] = v; } }
unsigned crc(const unsigned char *p, size_t n) { unsigned c = ~0u; while (n--) { c ^= *p++; for (int k = 0; k < 8; k++) c = c & 1 ? (c >> 1) ^ 0xedb88320u : c >> 1; } return ~c; }
long many(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) { return a*b+c*d+e*f+g*h+i*j; }
long vla(int n) { long a[n]; for (int i = 0; i < n; i++) a[i] = i * n; long s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }
float mix(float a, double b, int c) { return a * (float)b + c; }
__attribute__((noinline)) static int helper(int *p) { (*p)++; return *p; }
int main(int argc, char **argv) { int a[6]; for (int i = 0; i < 6; i++) a[i] = table[5 - i]; sort(a, 6); for (int i = 0; i < argc; i++) { insert(i, 1.5); (void)helper(&counter); } counter++; printf("%d %f %lu %s\n", a[0], total(), (unsigned long)fib(10), names[argc % 3]); printf("%u %ld %ld %f\n", crc((void*)a, sizeof a), many(1,2,3,4,5,6,7,8,9,10), vla(argc + 3), mix(1.f, 2., 3)); return sw(argc); }
