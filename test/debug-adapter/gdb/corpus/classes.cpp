/* Classes, references, templates and namespaces, for comparison with gdb at random instructions. */
namespace geo {
struct Shape { int id; virtual int area() const { return id; } virtual ~Shape(); static int made; };
int Shape::made = 3;
Shape::~Shape() {}
class Rect : public Shape { protected: int w, h; public: Rect(int a, int b) : w(a), h(b) { id = 7; } int area() const override { int r = w * h; return r + made; } };
namespace { int hidden = 11; }
enum class Mode : unsigned char { Off, On = 4 };
enum Plain { Zero, One };
inline namespace v1 { template <class T> struct Pair { T first, second; T sum() const { T s = first + second; return s; } }; }
template <class T> __attribute__((noinline)) T biggest(T a, T b) { return a > b ? a : b; }
int use() { return hidden++; }
}
struct VB { int vb = 5; };
struct D1 : virtual VB { int d1 = 1; };
struct D2 : virtual VB { int d2 = 2; };
struct Dia : D1, D2 { int own = 9; };
void operator delete(void *, unsigned long) {}
void operator delete(void *) {}
extern "C" void __cxa_pure_virtual() {}
extern "C" void *memset(void *p, int c, unsigned long n) { char *q = (char *)p; while (n--) *q++ = c; return p; }
extern "C" void *memcpy(void *d, const void *s, unsigned long n) { char *q = (char *)d; const char *t = (const char *)s; while (n--) *q++ = *t++; return d; }
using Fn = int (*)(int);
static int twice(int x) { return 2 * x; }
__attribute__((noinline)) int refs(int &a, const geo::Rect &r, geo::Pair<int> &&p, int geo::Shape::*mp, Fn fn, geo::Mode m, geo::Plain pl, bool flag, wchar_t wc, char16_t u, decltype(nullptr) np)
{
  a += r.area() + p.sum() + fn(3);
  geo::Shape *base = const_cast<geo::Rect *>(&r);
  auto lambda = [&](int k) { return k + a; };
  int v = lambda(base->area());
  return v + (int)m + pl + flag + (int)wc + u + (np == nullptr) + (int)(mp != nullptr);
}
struct Copy { int x; Copy(const Copy &o) : x(o.x) {} Copy(int v) : x(v) {} ~Copy() {} };
__attribute__((noinline)) int byval(Copy c, int n) { return c.x + n; }
struct Self { int own; static const Self first; };
const Self Self::first = {7};
typedef struct { int tag; } Tagged;
typedef struct Tag : Tagged { int more; Tag(int m) : more(m) { tag = m + 1; } } TagAlias;
#ifdef __clang__
#pragma clang diagnostic ignored "-Wvla-cxx-extension"
#endif
__attribute__((noinline)) int selves(Self self, TagAlias &tag, int n)
{
  int row[n];
#ifdef __clang__
  int *cells = row;
#else
  int (&cells)[n] = row;
#endif
  for (int i = 0; i < n; i++) cells[i] = i + tag.more;
  return cells[n - 1] + self.own + Self::first.own + tag.tag;
}
/* What earlier calls have left on the stack would show in variables that are not set yet. */
__attribute__((noinline)) static void scrub()
{
  __asm__ volatile("addi t0, sp, -512\n1: sd zero, 0(t0)\n addi t0, t0, 8\n bne t0, sp, 1b" ::: "t0", "memory");
}
extern "C" int main(int argc, char **argv)
{
  scrub();
  geo::Rect rect(3, 4);
  int n = 5;
  Dia dia;
  scrub();
  int r = refs(n, rect, geo::Pair<int>{1, 2}, &geo::Shape::id, twice, geo::Mode::On, geo::One, true, L'x', u'y', nullptr);
  scrub();
  r += geo::biggest(r, 3) + geo::use() + geo::biggest<long>(2, 5) + dia.vb;
  scrub();
  r += byval(Copy(4), 6);
  Tag tag(3);
  scrub();
  r += selves({2}, tag, 3);
  return r & 127;
}
