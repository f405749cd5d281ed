/* Pointers to members, casts among classes, scopes and operators of C++, for comparison with gdb at a place. */
namespace shapes {
struct Point {
  int x, y;
  static int made;
  static constexpr int limit = 40;
  int sum() const { return x + y; }
  int scaled(int by) { return by * (x + y); }
};
int Point::made = 2;
struct Named { const char *name = "named"; virtual int kind() { return 1; } };
struct Sized { long size = 64; virtual int area(int by) { return by; } };
class Window : public Named, public Sized {
public:
  int kind() override;
  int area(int by) override { return by * corner.x; }
  Point corner{3, 4};
  int Point::*axis = &Point::y;
  enum State { Hidden, Shown = 4 };
  enum class Layer : short { Low = -1, High = 1 };
  State state = Shown;
  Layer layer = Layer::High;
  struct Handle { int id; Handle *next; } handle{5, nullptr};
  int width : 5, height : 7;
  bool isOpen : 1;
  constexpr Window() : width(9), height(-3), isOpen(true) {}
  static Window *first;
};
Window *Window::first;
int depth = 6;
namespace deep { int depth = 7; struct Tag { char letter = 'q'; }; enum Plain : unsigned char { None, Some = 200 }; }
inline namespace v2 { int version = 2; }
using deep::Tag;
typedef Point Place;
}
namespace { int hidden = 12; struct Secret { int code = 34; } secret; }
namespace alias = shapes::deep;
template <class T, int N> struct Buffer { T items[N] = {}; int used = N; static int count; T &at(int index) { return items[index]; } };
template <class T, int N> int Buffer<T, N>::count = N;
template <class T> struct Wrapper { T inner; T *pointer; };
template <bool On, char Letter> struct Flags { int value = On ? Letter : 0; };
struct Left { int left = 1; virtual void leftward() {} };
struct Right { int right = 2; virtual void rightward() {} };
struct Both : Left, Right { int both = 3; };
struct Root { int root = 10; virtual void rooted() {} };
struct Branch : virtual Root { int branch = 11; };
struct Twig : virtual Root { int twig = 12; };
struct Leaf : Branch, Twig { int leaf = 13; };
struct Outer { int a = 1; union { int whole = 0x41424344; char bytes[4]; }; struct { short low = 5, high = 6; }; };
struct Plain { int n; const char *text; };
extern "C" void __cxa_pure_virtual() {}
extern "C" void *memset(void *p, int c, unsigned long n) { char *q = (char *)p; while (n--) *q++ = c; return p; }
extern "C" void *memcpy(void *d, const void *s, unsigned long n) { char *q = (char *)d; const char *t = (const char *)s; while (n--) *q++ = *t++; return d; }
static int twice(int n) { static int calls = 3; calls++; return 2 * n; }
static int overloaded(int n) { return n; }
static int overloaded(double n) { return (int)n; }
int counter = 21;
shapes::Window window;
Both both;
Outer outer;
Buffer<int, 3> buffer;
Buffer<unsigned char, 4> letters;
Wrapper<const char *> wrapper{"wrapped", nullptr};
Wrapper<shapes::Point> points{{8, 9}, nullptr};
Flags<true, 'a'> flags;
const int table[2][3] = {{1, 2, 3}, {4, 5, 6}};
shapes::Tag tag;
namespace { template <class T> struct Local { T value; }; Local<long> local{99}; }
int shapes::Window::kind()
{
  static int asked = 1;
  int here = asked++;
  int depth = here + 50;
  return corner.sum() + here + depth; /* stop: method */
}
using Sum = int (shapes::Point::*)() const;
using Scale = int (shapes::Point::*)(int);
using Kind = int (shapes::Named::*)();
using Area = int (shapes::Window::*)(int);
__attribute__((noinline)) int members(shapes::Window &ref, shapes::Window *pointer, Both &&moved)
{
  int shapes::Point::*y = &shapes::Point::y;
  int shapes::Point::*nothing = nullptr;
  long shapes::Sized::*size = &shapes::Sized::size;
  shapes::Point shapes::Window::*corner = &shapes::Window::corner;
  Sum sum = &shapes::Point::sum;
  Scale scaled = &shapes::Point::scaled;
  Kind kind = &shapes::Named::kind;
  Area area = &shapes::Window::area;
  Area inherited = static_cast<Area>(&shapes::Sized::area);
  Sum none = nullptr;
  shapes::Named *named = pointer;
  shapes::Sized *sized = pointer;
  Right *right = &moved;
  Left *left = &moved;
  Leaf leaf;
  Root *root = &leaf;
  Branch *branch = &leaf;
  const int &constant = counter;
  int (&row)[3] = const_cast<int (&)[3]>(table[1]);
  int (*function)(int) = twice;
  int (&callee)(int) = twice;
  shapes::Window::State state = shapes::Window::Hidden;
  shapes::Window::Layer layer = shapes::Window::Layer::Low;
  shapes::deep::Plain some = shapes::deep::Some;
  shapes::Place place{1, 2};
  char letter = 'x';
  signed char tiny = -5;
  unsigned char byte = 250;
  short small = -300;
  unsigned short port = 65000;
  unsigned int word = 4000000000u;
  long big = -5000000000;
  unsigned long huge = 18000000000000000000ul;
  bool yes = true, no = false;
  float single = 1.5f;
  double real = -2.25;
  wchar_t wide = L'w';
  char16_t sixteen = u'\u00e9';
  char32_t thirty = U'\U0001f600';
  const char *text = "some text";
  const wchar_t *wideText = L"wide";
  const char16_t *text16 = u"text";
  void *raw = &counter;
  void **rawPointer = &raw;
  Plain plain[2] = {{1, "one"}, {2, "two"}};
  auto lambda = [&ref, letter](int n) { return n + ref.corner.x + letter; };
  {
    int letter = 77;
    using namespace shapes;
    int inner = letter + version;
    counter += inner; /* stop: members */
  }
  return twice(ref.corner.*y) + (ref.corner.*sum)() + (ref.corner.*scaled)(2) + (ref.*kind)() + (ref.*area)(2) + (ref.*inherited)(3) +
    overloaded(1) + overloaded(2.0) + lambda(3) + (nothing == nullptr) + (none == nullptr) + (size != nullptr) + (corner != nullptr) +
    (named && sized && right && left && root && branch && constant && row[1] && function && yes && !no && single > real && text && wideText &&
     text16 && rawPointer && plain[1].n + state + (int)layer + some + place.x + tiny + byte + small + port + word + big + huge + wide +
       sixteen + thirty + hidden + secret.code + alias::depth + callee(1) + local.value + tag.letter);
}
extern "C" int main()
{
  shapes::Window::first = &window;
  wrapper.pointer = &wrapper.inner;
  buffer.at(1) = 5 + flags.value + letters.at(2) + shapes::Point::made + buffer.count;
  window.kind();
  return members(window, &window, static_cast<Both &&>(both)) & 127;
}
