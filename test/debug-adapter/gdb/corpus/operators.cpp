// Functions of one name, and operators of the program's own.
namespace text {
struct Word {
  int length;
  char first;
};
int size(const Word &word) { return word.length; }
int size(const Word *word) { return 100 + word->length; }
Word operator+(const Word &a, const Word &b) { return {a.length + b.length, a.first}; }
bool operator<(const Word &a, const Word &b) { return a.length < b.length; }
Word operator*(int times, const Word &word) { return {times * word.length, word.first}; }
enum Colour { red, green };
int operator+(Colour a, int b) { return 1000 + a + b; }
}  // namespace text

struct Number {
  long value;
  constexpr Number(long start) : value(start) {}
  Number operator+(const Number &other) const { return Number(value + other.value); }
  Number operator-(const Number &other) const { return Number(value - other.value); }
  Number operator-() const { return Number(-value); }
  Number operator+(int other) const { return Number(value + 10 * other); }
  Number operator~() const { return Number(~value); }
  bool operator!() const { return value == 0; }
  bool operator==(const Number &other) const { return value == other.value; }
  bool operator!=(const Number &other) const { return value != other.value; }
  bool operator&&(const Number &other) const { return value && other.value; }
  bool operator||(const Number &other) const { return value || other.value; }
  Number operator<<(int by) const { return Number(value << by); }
  Number operator%(const Number &other) const { return Number(value % other.value); }
  Number &operator+=(const Number &other) {
    value += other.value;
    return *this;
  }
  Number &operator=(const Number &other) {
    value = other.value + 1;
    return *this;
  }
  Number &operator++() {
    ++value;
    return *this;
  }
  Number operator++(int) {
    Number before(value);
    value += 2;
    return before;
  }
  long operator()(int a, int b) const { return value * a + b; }
  long operator()(double a) const { return (long)(value * a); }
  long &operator[](int) { return value; }
  const long &operator[](int index) const { return value; }
  int pick(int) { return 1; }
  int pick(double) { return 2; }
  int pick(const char *) { return 3; }
  int pick(Number *) { return 4; }
  int pick(char) { return 5; }
  int pick(int, int) { return 6; }
  int steady() { return 7; }
  int steady() const { return 8; }
  static int shared(int) { return 9; }
  static int shared(long) { return 10; }
};

struct More : Number {
  constexpr More() : Number(50) {}
  int pick(float) { return 11; }
};

struct Pointer {
  Number *target;
  Number *operator->() const { return target; }
  Number &operator*() const { return *target; }
};

struct Counted {
  int count;
  constexpr Counted(int start) : count(start) {}
  Counted(const Counted &other) : count(other.count + 1) {}
  ~Counted() {}
};

struct Virtual {
  int own = 3;
  virtual int area() const { return own; }
  virtual int area(int scale) const { return own * scale; }
};
struct Square : Virtual {
  int area() const override { return own * own; }
  int area(int scale) const override { return own * own * scale; }
};

int over(int) { return 1; }
int over(double) { return 2; }
int over(char) { return 3; }
int over(const char *) { return 4; }
int over(Number) { return 5; }
int over(Number *) { return 6; }
int over(unsigned long) { return 7; }
int over(int, int, ...) { return 8; }
int over(Virtual &) { return 9; }
int alone(double number) { return (int)(number * 2); }
int base(const Number &) { return 12; }
int base(const Virtual *) { return 13; }
Counted counted(int start) { return Counted(start); }
long taken(Number number) { return number.value * 3; }

Number one(1), two(2), zero(0);
const Number fixed(40);
More more;
Pointer pointer = {&two};
text::Word word = {4, 'w'}, wide = {9, 'v'};
text::Colour colour = text::green;
Square square;
Virtual *shape = &square;
char letter = 'c';
float half = 0.5f;
unsigned long big = 9;

int ends;

extern "C" long operators() {
  ends += 1; /* stop: operators */
  return (one + two).value + (one + 3).value + (one - two).value + (-one).value + (~one).value + !one + (one == two) + (one != two) +
         (one && two) + (one || two) + (one << 2).value + (one % two).value + (one += zero).value + one(2, 3) + one(1.5) + one[0] +
         fixed[0] + one.pick(1) + one.pick(1.0) + one.pick("a") + one.pick(&one) + one.pick('a') + one.pick(1, 2) + one.steady() +
         fixed.steady() + Number::shared(1) + Number::shared(1L) + more.pick(1.0f) + pointer->value + (*pointer).value + over(1) +
         over(1.0) + over('a') + over("a") + over(one) + over(&one) + over(1ul) + over(1, 2) + over(square) + alone(1) + base(one) +
         base(shape) + counted(3).count + taken(one) + size(word) + size(&word) + (word + wide).length + (word < wide) +
         (3 * word).length + (colour + 4) + shape->area() + shape->area(2) + letter + (long)half + (long)big;
}

extern "C" int main() {
  two = one;
  ++two;
  two++;
  return (int)operators() & 0x7f;
}
