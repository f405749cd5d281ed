/* Types of C++, for comparison with what gdb's ptype and whatis print. */
char heap[256];
extern "C" { int __cxa_atexit(void (*)(void *), void *, void *) { return 0; } void *__dso_handle; void __cxa_pure_virtual() {} }
void operator delete(void *, unsigned long) {}
namespace zoo {
struct Plain { int x, y; };
class Closed { int hidden; int method() const; };
int Closed::method() const { return hidden; }
class Mixed {
public:
  Mixed() : first(1), second(2), third(3) {}
  Mixed(int n, const char *text = nullptr) : first(n), second(text ? 1 : 0), third(0) {}
  Mixed(const Mixed &) = default;
  Mixed &operator=(const Mixed &) = delete;
  virtual ~Mixed() {}
  int get() const { return first; }
  int get(int by) volatile { return by; }
  static int made(long, ...) { return 0; }
  operator int() const { return first; }
  bool operator==(const Mixed &other) const { return first == other.first; }
  int operator[](int at) { return at; }
  void *operator new(unsigned long size);
  template <class T> T as() const { return (T)first; }
  int first;
  static int shared;
  typedef unsigned char byte;
  using Callback = int (*)(Mixed &, byte);
  enum Kind { Small, Large = 7, Huge };
  enum class Level : short { Low = -1, High = 1 };
  struct Inner { int id; Inner *next; } inner{1, nullptr};
  Callback callback = nullptr;
  Kind kind = Small;
  Level level = Level::High;
protected:
  int second;
  virtual void changed(Kind, const Inner *) {}
private:
  int third;
  byte bytes[4] = {};
  friend int befriended(Mixed &);
};
int Mixed::shared = 3;
void *Mixed::operator new(unsigned long) { return heap; }
struct Base { int base = 1; virtual int pure() = 0; };
struct Virtual : virtual Base { int own = 2; int pure() override { return own; } };
class Derived : public Plain, protected Virtual, private Mixed {
public:
  int last = 4;
  int pure() override { return last; }
};
struct Bits { unsigned a : 3, : 2, b : 5; bool c : 1; long d : 40; };
struct Anonymous {
  int tag;
  union { int number; float real; struct { short low, high; }; };
  struct { char c; } named;
  enum { One, Two } which;
};
template <class T, int N = 2> struct Buffer {
  T items[N] = {};
  int used = N;
  T *first() { return items; }
  const T &at(int i) const { return items[i]; }
};
template <class K, class V> struct Pair { K key; V value; Pair<V, K> *swapped; };
template <class T> struct Deep {
  const T c = {};
  T *p, a[2];
  const T *cp;
  T &r;
  int (*f)(T);
  Deep<T> *self;
  const T *const *pp;
  typedef T *pointer;
  pointer q;
  struct Inner { T t; } inner;
  unsigned char notT;
};
template <class T> struct Empty {};
struct Nothing {};
union Choice { int i; float f; char bytes[8]; int get() { return i; } };
union Union { struct { int a; } s; enum E { Q } e; Union *u; int (*fn)(Union); };
struct Late;
struct Alias {
  typedef unsigned char byte;
  byte b;
  const byte cb = 1;
  byte *pb;
  unsigned char raw;
  const byte *get(byte, const byte &) const { return pb; }
};
class Private { Private *next; public: enum { X, Y }; int x; private: struct Secret; Secret *secret; };
struct Operators {
  Operators() {}
  ~Operators() {}
  Operators &operator++() { return *this; }
  Operators operator++(int) { return *this; }
  int operator()(int, char) const { return 1; }
  operator bool() const { return v; }
  explicit operator const char *() const { return ""; }
  Operators *operator->() { return this; }
  void operator delete(void *) {}
  int v = 0;
  static int count() { return 0; }
private:
  Operators(int) {}
};
struct OnlyStatic { static int a; static int f(int); };
int OnlyStatic::a = 1;
int OnlyStatic::f(int n) { return n; }
struct OnlyMethods { void f(); };
void OnlyMethods::f() {}
struct Bases : virtual OnlyMethods, virtual protected OnlyStatic { int z; };
struct Deleted { Deleted() = default; Deleted(const Deleted &) = delete; int n; };
class Friendly { friend struct Deleted; int a; protected: int b; };
struct Sections { int a; protected: int b; private: int c; public: int d; };
struct Holder {
  Late *late;
  int (*function)(int, ...);
  int (*table[3])(void);
  void (Plain::*method)(int) const;
  int Plain::*member;
  int (&array)[3];
  Mixed &&moved;
  const volatile int cv;
  int *const constant;
  const char *const *strings;
  decltype(nullptr) null;
};
int array3[3];
}
int n;
zoo::Plain plain;
zoo::Mixed mixed;
zoo::Derived derived;
zoo::Bits bits;
zoo::Anonymous anonymous;
zoo::Buffer<int> ints;
zoo::Buffer<zoo::Plain, 3> plains;
zoo::Pair<char, const char *> pair;
zoo::Deep<int> deep{0, &n, {}, &n, n, nullptr, nullptr, nullptr};
zoo::Empty<int> empty;
zoo::Nothing nothing;
zoo::Choice choice;
zoo::Union both;
zoo::Late *late;
zoo::Closed closed;
zoo::Alias byteAlias;
zoo::Private secretive;
zoo::Operators operators;
zoo::OnlyStatic onlyStatic;
zoo::OnlyMethods onlyMethods;
zoo::Bases bases;
zoo::Deleted deleted;
zoo::Friendly friendly;
zoo::Sections sections;
zoo::Sections *pointers[3];
zoo::Sections (*returning)(zoo::Union);
const zoo::Sections constant = zoo::Sections();
volatile zoo::Private *const qualified = &secretive;
typedef zoo::Mixed Alias;
Alias alias;
typedef Alias *AliasPointer;
AliasPointer aliasPointer;
int (*functions[2][3])(Alias &, ...);
int (*(*returns)(int))[4];
const volatile unsigned long cv = 3;
int matrix[2][3][4];
zoo::Mixed::Kind kind;
zoo::Mixed::Level level;
enum Colour : unsigned char { Red, Green = 5, Blue } colour;
zoo::Plain function(zoo::Plain p, int n)
{
  struct Local { int a; zoo::Plain b; int sum() { return a + b.x; } } local{n, p};
  auto lambda = [&local, n](int by) { return local.sum() + n + by; };
  zoo::Plain &ref = p;
  zoo::Mixed *pointer = &mixed;
  return {local.sum(), lambda(2) + ref.x + pointer->first}; /* stop: types */
}
extern "C" int main()
{
  zoo::Holder holder{nullptr, nullptr, {}, nullptr, nullptr, zoo::array3, static_cast<zoo::Mixed &&>(mixed), 1, nullptr, nullptr, nullptr};
  zoo::Plain q = function(plain, 2);
  pair.key = 'a';
  ints.first();
  zoo::Mixed::made(1);
  zoo::Operators o = operators++;
  byteAlias.get(1, 2);
  return q.x + (holder.late == late) + cv + choice.get() + mixed[1] + mixed.get(2) + (int)mixed + (mixed == mixed) + plains.at(1).x +
         mixed.as<long>() + (bool)o + *(const char *)o + o(1, 2) + deep.c + byteAlias.cb + (qualified != nullptr);
}
