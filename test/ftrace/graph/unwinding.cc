// Everything that leaves functions other than by their return, and that looks at return addresses. What it prints is the same under a
// graph tracer and without one.
#include <execinfo.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <alloca.h>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <unwind.h>

#define APART __attribute__((noinline, noclone))

namespace {

struct Guard {
  const char *name;
  APART ~Guard() { std::printf(" ~%s", name); }
};

APART int leaf(int n) {
  asm volatile("");
  return n + 1;
}

// Through frames of several kinds, a tail call among them.
APART int thrower(int n) {
  if (n > 0) throw std::runtime_error("thrown " + std::to_string(n));
  return leaf(n);
}
APART int by_tail_call(int n) { return thrower(n + 1); }
APART int with_alloca(int n) {
  char *room = static_cast<char *>(alloca(16 * (n + 1)));
  std::memset(room, n, 16);
  Guard guard{"alloca"};
  return by_tail_call(n) + room[0];
}
APART int with_arguments(int n, ...) {
  va_list list;
  va_start(list, n);
  int sum = 0;
  for (int i = 0; i < n; i++) sum += va_arg(list, int);
  va_end(list);
  Guard guard{"arguments"};
  return with_alloca(n) + sum;
}
APART int not_for_it(int n) {
  try {
    return with_arguments(n, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  } catch (std::logic_error &) {
    return -1;
  }
}
APART int again(int n) {
  try {
    return not_for_it(n);
  } catch (std::exception &error) {
    std::printf(" again(%s)", error.what());
    leaf(1);
    throw;
  }
}
APART int deep(int n) {
  Guard guard{"deep"};
  return n == 0 ? again(2) : deep(n - 1) + 1;
}

// Exceptions that come and go while another one is on its way.
struct Inner {
  APART ~Inner() {
    try {
      thrower(7);
    } catch (std::exception &error) {
      std::printf(" within(%s)", error.what());
    }
  }
};
APART int with_inner(int n) {
  Inner inner;
  return thrower(n);
}
APART std::exception_ptr kept() {
  try {
    with_inner(3);
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}
APART void thrown_again(const std::exception_ptr &error) {
  Guard guard{"again"};
  std::rethrow_exception(error);
}

jmp_buf back;
APART void jumper(int n) {
  leaf(n);
  if (n == 0) longjmp(back, 5);
  jumper(n - 1);
  leaf(n);
}
APART int jumps() {
  int count = 0;
  for (volatile int i = 0; i < 3; i = i + 1) {
    if (setjmp(back) == 0) jumper(i);
    else count += leaf(i);
  }
  return count;
}

// Who walks: as deep from a given function with a tracer as without.
APART _Unwind_Reason_Code counted(_Unwind_Context *context, void *count) {
  leaf(1);
  if (_Unwind_GetIP(context) != 0) ++*static_cast<int *>(count);
  return _URC_NO_REASON;
}
APART int walked() {
  int count = 0;
  _Unwind_Backtrace(counted, &count);
  return count;
}
APART int walked_by_tail_call(int *count) { return _Unwind_Backtrace(counted, count); }
APART int depth(int n) {
  if (n > 0) return depth(n - 1) + leaf(0) - 1;
  void *pcs[64];
  int count = 0;
  int status = walked_by_tail_call(&count);
  int length = backtrace(pcs, 64);
  std::printf(" walked %d %d %d", walked(), status, count);
  for (int i = 0; i < length; i++) std::printf(" %lx", reinterpret_cast<unsigned long>(pcs[i]));
  return length;
}
// An unwinder's callback that throws and catches, and one that is left by a jump.
APART _Unwind_Reason_Code throwing(_Unwind_Context *, void *) {
  try {
    with_inner(4);
  } catch (std::exception &error) {
    std::printf(" %s", error.what());
  }
  return _URC_NO_REASON;
}
APART _Unwind_Reason_Code jumping(_Unwind_Context *, void *) {
  leaf(2);
  longjmp(back, 1);
}
APART int odd_walks(int n) {
  if (n > 0) return odd_walks(n - 1) + leaf(1);
  int status = _Unwind_Backtrace(throwing, nullptr);
  if (setjmp(back) == 0) _Unwind_Backtrace(jumping, nullptr);
  return status;
}

// Out of a signal's handler.
APART void handler(int number) {
  leaf(number);
  throw number;
}
APART int fault(volatile int *address) {
  Guard guard{"fault"};
  return *address + leaf(1);
}

APART void rounds(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    try {
      sum += thrower(i % 3);
    } catch (std::exception &) {
      sum += leaf(i);
    }
  }
  std::printf("rounds %d\n", sum);
}

APART void last_words() {
  std::printf("terminated\n");
  std::fflush(stdout);
  std::_Exit(3);
}
APART void never_throws(int n) noexcept { thrower(n); }

}  // namespace

int main(int count, char **words) {
  std::printf("caught");
  for (int i = 0; i < 3; i++) {
    try {
      deep(i);
    } catch (std::exception &error) {
      std::printf(" %s %d\n", error.what(), leaf(i));
    }
  }
  try {
    thrown_again(kept());
  } catch (std::exception &error) {
    std::printf(" kept %s\n", error.what());
  }
  std::printf("jumps %d\n", jumps());
  std::printf(" depth %d\n", depth(3));
  std::printf(" odd %d\n", odd_walks(2));
#ifndef __clang__  // It has no exceptions from instructions.
  signal(SIGSEGV, handler);
  try {
    fault(nullptr);
  } catch (int number) {
    std::printf(" signal %d\n", number);
  }
#endif
  rounds(50);
  std::fflush(stdout);
  const char *end = count > 1 ? words[1] : "";
  std::set_terminate(last_words);
  if (!std::strcmp(end, "uncaught")) deep(1), thrower(1);
  if (!std::strcmp(end, "noexcept")) never_throws(1);
  if (!std::strcmp(end, "exit")) {
    Guard guard{"exit\n"};
    pthread_exit(nullptr);
  }
}
