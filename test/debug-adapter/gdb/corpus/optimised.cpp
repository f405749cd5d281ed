/* What optimisers make of classes, templates, lambdas and references. */
typedef unsigned long size_t;
volatile int sink;
extern "C" void *memcpy(void *to, const void *from, size_t size)
{
  for (size_t i = 0; i < size; i++) static_cast<volatile char *>(to)[i] = static_cast<const char *>(from)[i];
  return to;
}
extern "C" void *memset(void *to, int value, size_t size)
{
  for (size_t i = 0; i < size; i++) static_cast<volatile char *>(to)[i] = static_cast<char>(value);
  return to;
}
extern "C" void __cxa_pure_virtual() {}
void operator delete(void *, size_t) {}
/* What earlier calls have left on the stack would show in variables that are not set yet. */
__attribute__((noinline)) static void scrub()
{
  __asm__ volatile("addi t0, sp, -1024\n1: sd zero, 0(t0)\n addi t0, t0, 8\n bne t0, sp, 1b" ::: "t0", "memory");
}
namespace app {
template <class T, size_t N>
struct Ring {
  T items[N];
  size_t head = 0, used = 0;
  bool push(const T &item)
  {
    if (used == N) return false;
    items[(head + used++) % N] = item;
    return true;
  }
  T pop()
  {
    T item = items[head];
    head = (head + 1) % N;
    used--;
    return item;
  }
  size_t size() const { return used; }
};
struct Vec {
  long x, y;
  Vec operator+(const Vec &other) const { return {x + other.x, y + other.y}; }
  long dot(Vec other) const { return x * other.x + y * other.y; }
};
enum class Kind : unsigned char { Circle, Square };
class Shape {
public:
  explicit Shape(Kind k) : kind(k) { count++; }
  virtual ~Shape() { count--; }
  virtual int area() const = 0;
  virtual const char *name() const { return "shape"; }
  Kind kind;
  static int count;
};
int Shape::count = 0;
class Circle final : public Shape {
public:
  explicit Circle(int radius) : Shape(Kind::Circle), r(radius) {}
  int area() const override;
  const char *name() const override { return "circle"; }
  int r;
};
class Square final : public Shape {
public:
  explicit Square(int length) : Shape(Kind::Square), side(length) {}
  int area() const override;
  int side;
};
__attribute__((noinline)) int Circle::area() const
{
  int squared = r * r;
  sink = squared;
  return 3 * squared;
}
__attribute__((noinline)) int Square::area() const
{
  sink = side;
  return side * side;
}
struct Node {
  int key;
  Node *left, *right;
};
static Node pool[8];
static int poolUsed;
__attribute__((noinline)) static Node *insert(Node *root, int key)
{
  if (!root) {
    Node *fresh = &pool[poolUsed++];
    fresh->key = key;
    return fresh;
  }
  if (key < root->key) root->left = insert(root->left, key);
  else root->right = insert(root->right, key);
  return root;
}
template <class F>
__attribute__((noinline)) int each(const Node *node, F f)
{
  int sum = 0;
  if (node) {
    sum += each(node->left, f);
    sum += f(node->key);
    sum += each(node->right, f);
  }
  return sum;
}
struct Text {
  const char *data;
  size_t length;
  Text(const char *text) : data(text), length(0)
  {
    while (text[length]) length++;
  }
  char at(size_t i) const { return data[i]; }
};
__attribute__((noinline)) unsigned hash(const Text &text)
{
  unsigned h = 5381;
  for (size_t i = 0; i < text.length; i++) h = h * 33 + (unsigned char)text.at(i);
  sink = (int)h;
  return h;
}
__attribute__((noinline)) int many(int a, int &b, int *c, const short d, unsigned char e, bool f, long g, int h, int i, int j)
{
  b += a;
  *c -= d;
  int local = b * e + (f ? 1 : 0);
  sink = local;
  return local + (int)g + h + i + j;
}
struct Big {
  int v[12];
  int sum() const
  {
    int s = 0;
    for (int i : v) s += i;
    return s;
  }
};
__attribute__((noinline)) Big fill(int from)
{
  Big b;
  for (int i = 0; i < 12; i++) b.v[i] = from + i;
  sink = b.v[3];
  return b;
}
__attribute__((noinline)) int consume(Big b, int k) { return b.sum() * k; }
template <class T>
__attribute__((noinline)) T leaf(T a, T b)
{
  sink = a;
  T c = a * b + sink;
  sink = c;
  return c;
}
template <class T>
__attribute__((noinline)) T forward(T a)
{
  sink++;
  return leaf(a, a);
}
} // namespace app
using namespace app;
__attribute__((noinline)) static int total(Shape *const *all, int n)
{
  int t = 0;
  for (int i = 0; i < n; i++) {
    const Shape &shape = *all[i];
    t += shape.area();
    sink = shape.name()[0];
  }
  return t;
}
__attribute__((noinline)) static int rings(int n)
{
  int s = 0;
  Ring<int, 4> ring;
  Ring<Vec, 2> vecs;
  int lost = 0;
  for (int i = 0; i < n; i++)
    if (!ring.push(i)) lost++;
  Vec sum{0, 0};
  vecs.push(Vec{1, 2});
  vecs.push({3, 4});
  while (vecs.size()) {
    Vec vec = vecs.pop();
    sum = sum + vec;
    sink = (int)sum.dot(vec);
  }
  while (ring.size()) s += ring.pop();
  return s * 10 + lost + (int)sum.x;
}
extern "C" int main(int argc, char **argv)
{
  scrub();
  Circle circle(2);
  Square square(3);
  Shape *all[] = {&circle, &square, &circle};
  int t = total(all, 3);
  scrub();
  Node *root = nullptr;
  static const int keys[] = {5, 2, 8, 1};
  for (int k : keys) root = insert(root, k);
  int factor = t + 1, seen = 0;
  int e = each(root, [&](int key) {
    seen++;
    sink = key;
    return key * factor;
  });
  Text hello("hello");
  unsigned h = hash(hello);
  int b = 3, c = 4;
  scrub();
  int m = many(1, b, &c, 2, 3, h == 0, 100, t, e, 7);
  scrub();
  int r = rings(6);
  scrub();
  int used = consume(fill(1), 3);
  scrub();
  return (t + e + m + r + used + forward(seen) + Shape::count) & 15;
}
