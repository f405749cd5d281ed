/* Vectors, complex and wide numbers, odd integers and odd records, for comparison with gdb at a place. */
typedef int v4si __attribute__((vector_size(16)));
typedef float v4sf __attribute__((vector_size(16)));
typedef double v2df __attribute__((vector_size(16)));
typedef unsigned char v16qu __attribute__((vector_size(16)));
typedef char v8qi __attribute__((vector_size(8)));
typedef long v2di __attribute__((vector_size(16)));
typedef __WCHAR_TYPE__ wchar_t;
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
v4si ints = {1, -2, 3, 4}, others = {10, 20, 30, 40};
v4sf floats = {1.5f, 2.5f, -3.5f, 0};
v2df doubles = {1.25, -8};
v16qu bytes = {250, 1, 2, 3, 65};
v8qi chars = {'a', 'b', 'c'};
v2di longs = {1L << 40, -1};
v4si vectors[2] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
_Complex double complex = 3 + 4i;
_Complex float narrow = 1.5f - 2i;
_Complex long double longComplex = -1 + 0.5i;
_Complex int whole = 3 + 4i;
__int128 large = ((__int128)1 << 100) + 5;
unsigned __int128 unsignedLarge = -(unsigned __int128)1;
__int128 negative = -((__int128)1 << 90);
#ifdef __clang__
_Float16 half = 1.5f16, third16 = 0.333f16;
_BitInt(37) bits37 = -68000000000wb;
unsigned _BitInt(5) bits5 = 21;
unsigned _BitInt(9) bits9 = 300;
_BitInt(100) bits100 = ((_BitInt(100))1 << 90) + 7;
#endif
const wchar_t *wideText = L"wide \x20ac";
const char16_t *text16 = u"sixteen";
const char32_t *text32 = U"thirty";
wchar_t wideArray[8] = L"array";
char16_t array16[6] = u"ab";
char32_t array32[3] = U"abc";
wchar_t wide = L'w';
char16_t sixteen = u'x';
char32_t thirty = U'y';
char buffer[16] = "buffer";
unsigned char ubuffer[4] = {1, 2, 'a', 0};
signed char sbuffer[4] = "abcd";
struct odd {
  _Bool first : 1;
  _Bool second : 1;
  int low : 3;
  unsigned high : 29;
  long wide : 40;
  char tail : 4;
} odd = {1, 0, -2, 500000000, -12345678901, 5};
struct flexible { int count; short items[]; };
struct { struct flexible head; short space[4]; } flexible = {{3}, {7, 8, 9, 10}};
struct flexible *pointed = &flexible.head;
struct zero { int n; int none[0]; char after; } zero = {4, {}, 'z'};
struct __attribute__((packed)) packed { char c; int i; short s; long l; } packed = {'p', 0x01020304, -2, -3};
struct outer { int tag; union { int number; float real; struct { short low, high; }; }; struct { char a, b; } named; } outer = {1, {0x3f800000}, {'m', 'n'}};
union choice { unsigned char bytes[8]; double real; long whole; } choice = {.real = 2.5};
struct cell { int x; char name[4]; } grid[2][2] = {{{1, "a"}, {2, "bcd"}}, {{3, ""}, {4, "xy"}}};
int cube[2][3][4] = {{{1, 2, 3, 4}, {5}}, {{6, 7}}};
int series[300];
#ifndef __clang__
struct __attribute__((scalar_storage_order("big-endian"))) swapped { int a; short b; unsigned c : 4, d : 12; } swapped = {0x01020304, 0x0506, 3, 0x456};
#endif
enum level { LOW = -1, MID, HIGH = 1000 } level = HIGH;
enum mask { READ = 1, WRITE = 2, EXEC = 4 } mask = READ | EXEC;
enum { UNNAMED = 9 } unnamed = UNNAMED;
enum __attribute__((packed)) small { TINY, LARGER = 200 } smallEnum = LARGER;
_Bool yes = 1;
int (*operations[2])(int, int);
int add(int a, int b) { return a + b; }
int (*operation)(int, int) = add;
void (*handler(int signal, void (*next)(int)))(int) { return signal ? next : 0; }
long double quad = 1.1L;
volatile const int fixed = 3;
int *const restrictless = &level;
extern int outside;
struct list { int value; struct list *next; } second = {2, 0}, first = {1, &second};
int main(int argc, char **argv)
{
  int length = argc + 2;
  int variable[length];
  short matrix[length][2];
  for (int i = 0; i < length; i++) { variable[i] = i * i; matrix[i][0] = i; matrix[i][1] = -i; }
  v4si local = ints + others;
  _Complex double product = complex + complex;
  char16_t sixteenHere = u'z';
  __int128 sum = large + negative;
  operations[1] = add;
  register long kept = 5;
  series[299] = 1;
  for (int i = 0; i < 20; i++) series[i] = i / 12;
  return local[1] + variable[2] + matrix[1][1] + (int)__real__ product + sixteenHere + (int)sum + operations[1](1, 2) + kept + outside; /* stop: numbers */
}
