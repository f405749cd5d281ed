// C++ with its library: streams, exceptions, containers, what is made before main.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

namespace {
struct Shape {
  virtual ~Shape() { std::cout << "gone\n"; }
  virtual double area() const = 0;
};
struct Circle : Shape {
  double radius;
  explicit Circle(double r) : radius(r) {}
  double area() const override { return std::acos(-1.0) * radius * radius; }
};
struct Square : Shape {
  double side;
  explicit Square(double s) : side(s) {}
  double area() const override { return side * side; }
};
struct Early {
  std::string text = "made before main";
} early;
thread_local std::vector<int> mine = {1, 2, 3};

int thrower(int depth) {
  struct Guard {
    ~Guard() { std::cout << "unwound "; }
  } guard;
  if (depth == 0) throw std::out_of_range("at the bottom");
  return thrower(depth - 1) + 1;
}
}  // namespace

int main(int argc, char **argv) {
  std::cout << early.text << ' ' << argc << '\n';
  std::vector<std::unique_ptr<Shape>> shapes;
  shapes.push_back(std::make_unique<Circle>(1.5));
  shapes.push_back(std::make_unique<Square>(2.25));
  for (const auto &shape : shapes) std::cout << std::setprecision(12) << shape->area() << ' ' << typeid(*shape).name() << '\n';
  try {
    std::cout << thrower(3) << '\n';
  } catch (const std::exception &error) {
    std::cout << "caught " << error.what() << '\n';
  }
  try {
    std::vector<int>().at(5);
  } catch (const std::out_of_range &) {
    std::cout << "range\n";
  }
  std::map<std::string, int> words;
  std::istringstream text("the cat and the dog and the bird");
  for (std::string word; text >> word;) words[word]++;
  for (const auto &[word, count] : words) std::cout << word << '=' << count << ' ';
  std::vector<double> numbers(100);
  std::iota(numbers.begin(), numbers.end(), 0.5);
  std::cout << std::accumulate(numbers.begin(), numbers.end(), 0.0) << ' ' << std::fixed << std::setprecision(3)
            << std::inner_product(numbers.begin(), numbers.end(), numbers.begin(), 0.0) << '\n';
  std::function<int(int)> fib = [&](int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); };
  std::cout << fib(15) << ' ' << mine.size() << ' ' << std::hex << 255 << std::dec << '\n';
  {
    std::ofstream out("classes.tmp");
    out << 3.25 << ' ' << "written" << std::endl;
  }
  std::ifstream in("classes.tmp");
  double number;
  std::string word;
  in >> number >> word;
  std::cout << number << word << std::remove("classes.tmp") << '\n';
  std::string line;
  while (std::getline(std::cin, line)) std::cout << std::string(line.rbegin(), line.rend()) << '\n';
  std::cerr << "to the error stream\n";
  return static_cast<int>(shapes.size()) + 40;
}
