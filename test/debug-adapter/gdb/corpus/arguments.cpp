/* Arguments of all kinds where functions are entered, for comparison with what gdb shows once they are. */
#include <stdarg.h>
struct Empty {};
struct One { int n; };
struct Two { int a; long b; };
struct Three { long a, b, c; };
struct Bytes { char text[11]; };
struct Real { float f; };
struct Reals { double x; float y; };
struct Mixed { int n; double d; };
struct Nested { One one; Real real; };
struct Base { short low; };
struct Derived : Base { float high; };
struct Bits { int a : 3; unsigned b : 7; long c : 40; };
struct Owner { int n; Owner(int v) : n(v) {} Owner(const Owner &o) : n(o.n) {} ~Owner() { n++; } };
struct Array { float f[2]; };
union Choice { int n; float f; };
struct Pointers { int *p; const char *q; };
struct EmptyBase : Empty { double d; };
enum Color { Red, Green = 5 };
enum class Small : unsigned char { A = 200 };
struct Shape {
  int id;
  int method(int by, bool yes) { return by + yes + id; }
  virtual long area(double by, const Two &two) const { return (long)by + two.a + id; }
  static int plain(char c, signed char s, unsigned char u) { return c + s + u; }
};
#define NOINLINE __attribute__((noinline))
NOINLINE int narrow(bool b, char c, signed char s, short h, unsigned short uh, unsigned u, long l, wchar_t w) { return b + c + s + h + uh + u + l + w; }
NOINLINE int references(int &a, const Two &two, Three &&three, int (&row)[3], int (*fn)(int), const char *text) { return a + two.a + three.b + row[1] + (fn != nullptr) + text[0]; }
NOINLINE int values(One one, Two two, Three three, Bytes bytes, Empty empty, int after) { return one.n + two.a + three.a + bytes.text[0] + sizeof(empty) + after; }
NOINLINE double reals(float f, double d, Real r, Reals rs, Mixed m, Nested n, Derived dv, int after) { return f + d + r.f + rs.x + m.d + n.real.f + dv.high + after; }
NOINLINE int more(Bits bits, Choice choice, Array array, Pointers p, EmptyBase eb, int after) { return bits.a + choice.n + array.f[0] + *p.p + eb.d + after; }
NOINLINE int owned(Owner owner, int after) { return owner.n + after; }
NOINLINE int enums(Color color, Small small, int Shape::*member, decltype(nullptr) none) { return color + (int)small + (member != nullptr) + (none == nullptr); }
NOINLINE long wide(__int128 a, int b, __int128 c, int d, int e) { return (long)a + b + (long)c + d + e; }
NOINLINE int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, Two two, double x) { return a + b + c + d + e + f + g + h + i + two.a + x; }
NOINLINE double floats(float a, float b, float c, float d, float e, float f, float g, float h, float i, double j, Mixed m) { return a + b + c + d + e + f + g + h + i + j + m.n; }
NOINLINE Three returned(int a, Two b) { return {a, b.a, b.b}; }
NOINLINE Owner made(int a, double b) { return Owner(a + (int)b); }
NOINLINE int variadic(int count, ...) { va_list list; va_start(list, count); int sum = 0; while (count--) sum += va_arg(list, int); va_end(list); return sum; }
template <class T, class U> NOINLINE T generic(T a, U b) { return a + (T)b; }
static int twice(int n) { return 2 * n; }
int global = 41;
int row[3] = {7, 8, 9};
extern "C" void *memset(void *p, int c, unsigned long n) { char *q = (char *)p; while (n--) *q++ = c; return p; }
extern "C" void *memcpy(void *d, const void *s, unsigned long n) { char *q = (char *)d; const char *t = (const char *)s; while (n--) *q++ = *t++; return d; }
extern "C" int main()
{
  Two two{2, 22};
  Shape shape;
  shape.id = 3;
  int sum = narrow(true, 'c', -3, -300, 65000, 4000000000u, -5000000000, L'w') + references(global, two, Three{1, 2, 3}, row, twice, "text");
  sum += values(One{1}, two, Three{4, 5, 6}, Bytes{"ten bytes!"}, Empty{}, 77);
  sum += (int)reals(1.5f, -2.25, Real{3.5f}, Reals{4.5, 5.5f}, Mixed{6, 7.5}, Nested{{8}, {9.5f}}, Derived{{-10}, 11.5f}, 12);
  sum += more(Bits{-2, 100, -12345678901}, Choice{5}, Array{{1.5f, 2.5f}}, Pointers{&global, "pointed"}, EmptyBase{{}, 3.25}, 13);
  sum += owned(Owner(14), 15) + enums(Green, Small::A, &Shape::id, nullptr) + (int)wide((__int128)1 << 80, 2, -3, 4, 5);
  sum += many(1, 2, 3, 4, 5, 6, 7, 8, 9, two, 10.5) + (int)floats(1, 2, 3, 4, 5, 6, 7, 8, 9.5f, 10.5, Mixed{11, 12.5});
  sum += (int)returned(1, two).c + made(2, 3.5).n + variadic(3, 1, 2, 3) + (int)generic(1.5, 2) + (int)generic('a', 2.5f);
  sum += shape.method(16, true) + (int)shape.area(17.5, two) + Shape::plain('x', -4, 200);
  return sum & 127;
}
