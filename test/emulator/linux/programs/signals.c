/* Signals: actions, masks, frames, stacks, what ends a program and with which status; argv[1] chooses an end. */
#include "call.h"

struct action { void (*handler)(int, u32 *, u64 *); u64 flags, mask; };
struct stack { void *at; int flags; u64 size; };
enum { SIGINFO = 4, ONSTACK = 0x08000000, RESTART = 0x10000000, NODEFER = 0x40000000, RESETHAND = 0x80000000u };
#define BAD ((void *)8)
#define BIT(number) (1ul << ((number) - 1))

static volatile int count, depth, deepest, last, code;
static volatile u64 address, where, mask_in_frame;
static volatile char *handler_stack;
static u64 skip;
static char alternate[16384] __attribute__((aligned(16)));

/* siginfo_t: number, error, code, and the address at 16; ucontext_t: the mask at 40, the pc at 176. */
static void handler(int number, u32 *info, u64 *context) {
  char here;
  handler_stack = &here;
  count++;
  depth++;
  if (depth > deepest) deepest = depth;
  last = number;
  code = (int)info[2];
  address = *(u64 *)(info + 4);
  mask_in_frame = context[5];
  where = context[22];
  context[22] += skip;
  if (count == 3) CALL(SYS_kill, CALL(SYS_getpid), 10);
  depth--;
}

static s64 handle(int number, u64 flags, u64 mask) {
  struct action action = {handler, flags, mask};
  return CALL(SYS_rt_sigaction, number, &action, 0, 8);
}
static s64 set_handler(int number, u64 handler) {
  struct action action = {(void *)handler, 0, 0};
  return CALL(SYS_rt_sigaction, number, &action, 0, 8);
}
static s64 raise(int number) { return CALL(SYS_tgkill, CALL(SYS_getpid), CALL(SYS_gettid), number); }
static u64 mask(int how, u64 set) {
  u64 old = 0;
  CALL(SYS_rt_sigprocmask, how, &set, &old, 8);
  return old;
}

static void actions(void) {
  struct action old;
  SHOW(handle(10, SIGINFO, BIT(12)));
  SHOW(CALL(SYS_rt_sigaction, 10, 0, &old, 8));
  SHOW(old.handler == handler);
  SHOW(old.mask);
  SHOW(CALL(SYS_rt_sigaction, 9, &old, 0, 8));
  SHOW(CALL(SYS_rt_sigaction, 19, &old, 0, 8));
  SHOW(CALL(SYS_rt_sigaction, 0, 0, &old, 8));
  SHOW(CALL(SYS_rt_sigaction, 65, 0, &old, 8));
  SHOW(CALL(SYS_rt_sigaction, 10, 0, &old, 4));
  SHOW(CALL(SYS_rt_sigaction, 10, BAD, 0, 8));
  SHOW(raise(10));
  SHOW(count);
  SHOW(last);
  SHOW(code);
  SHOW(mask_in_frame);
  SHOW(CALL(SYS_kill, CALL(SYS_getpid), 10));
  SHOW(code);
  SHOW(raise(10));
  SHOW(count);
  SHOW(deepest);
  SHOW(CALL(SYS_kill, CALL(SYS_getpid), 0));
  SHOW(CALL(SYS_kill, CALL(SYS_getpid), 65));
  SHOW(CALL(SYS_tgkill, CALL(SYS_getpid), CALL(SYS_gettid), -1));
  SHOW(CALL(SYS_tkill, -1, 10));
}

static void masks(void) {
  u64 pending;
  count = 10;
  SHOW(mask(0, BIT(10) | BIT(9)));
  raise(10);
  raise(10);
  SHOW(count);
  SHOW(CALL(SYS_rt_sigpending, &pending, 8));
  SHOW(pending);
  SHOW(mask(1, BIT(10)));
  SHOW(count);
  SHOW(CALL(SYS_rt_sigprocmask, 7, &pending, 0, 8));
  SHOW(CALL(SYS_rt_sigprocmask, 7, 0, 0, 8));
  SHOW(CALL(SYS_rt_sigprocmask, 0, BAD, 0, 8));
  SHOW(CALL(SYS_rt_sigprocmask, 0, 0, &pending, 7));
  SHOW(set_handler(12, 1));
  SHOW(raise(12));
  mask(0, BIT(12));
  raise(12);
  CALL(SYS_rt_sigpending, &pending, 8);
  SHOW(pending);
  mask(2, 0);
  handle(34, SIGINFO, 0);
  mask(0, BIT(34));
  raise(34);
  raise(34);
  mask(2, 0);
  SHOW(count);
  count = 20;
  handle(10, SIGINFO | RESETHAND, 0);
  raise(10);
  struct action old;
  CALL(SYS_rt_sigaction, 10, 0, &old, 8);
  SHOW((u64)old.handler);
  SHOW(count);
  handle(10, SIGINFO, 0);
  u64 none = 0;
  mask(0, BIT(10));
  raise(10);
  SHOW(CALL(SYS_rt_sigsuspend, &none, 8));
  SHOW(count);
  SHOW(mask(2, 0));
  u64 wanted = BIT(10), time[2] = {0, 1000};
  u32 info[32];
  mask(0, BIT(10));
  SHOW(CALL(SYS_rt_sigtimedwait, &wanted, info, time, 8));
  raise(10);
  SHOW(CALL(SYS_rt_sigtimedwait, &wanted, info, time, 8));
  SHOW(info[0]);
  SHOW((int)info[2]);
  mask(2, 0);
}

static void faults(void) {
  count = 30;
  handle(11, SIGINFO, 0);
  handle(4, SIGINFO, 0);
  handle(5, SIGINFO, 0);
  handle(7, SIGINFO, 0);
  skip = 4;
  __asm__ volatile(".option push\n.option norvc\nlw x0, 0(%0)\n.option pop" : : "r"(16) : "memory");
  SHOW(last);
  SHOW(code);
  SHOW(address);
  __asm__ volatile(".option push\n.option norvc\nsw x0, 0(%0)\n.option pop" : : "r"(faults) : "memory");
  SHOW(last);
  SHOW(code);
  SHOW(address == (u64)faults);
  u64 here;
  __asm__ volatile("1: la %0, 1f\n.option push\n.option norvc\n1: .word 0\n.option pop" : "=r"(here) : : "memory");
  SHOW(last);
  SHOW(address == here);
  SHOW(where == here);
  __asm__ volatile(".option push\n.option norvc\nebreak\n.option pop" : : : "memory");
  SHOW(last);
  SHOW(code);
  SHOW(count);
  skip = 0;
}

static void stacks(void) {
  struct stack stack = {alternate, 0, sizeof alternate}, old;
  SHOW(CALL(SYS_sigaltstack, 0, &old));
  SHOW(old.flags);
  SHOW(CALL(SYS_sigaltstack, &stack, 0));
  SHOW(CALL(SYS_sigaltstack, 0, &old));
  SHOW(old.flags);
  SHOW(old.at == alternate);
  stack.size = 100;
  SHOW(CALL(SYS_sigaltstack, &stack, 0));
  stack.flags = 77;
  SHOW(CALL(SYS_sigaltstack, &stack, 0));
  SHOW(CALL(SYS_sigaltstack, BAD, 0));
  handle(10, SIGINFO | ONSTACK, 0);
  raise(10);
  SHOW(handler_stack >= alternate && handler_stack < alternate + sizeof alternate);
  handle(10, SIGINFO, 0);
  raise(10);
  SHOW(handler_stack >= alternate && handler_stack < alternate + sizeof alternate);
  stack.flags = 2;
  SHOW(CALL(SYS_sigaltstack, &stack, 0));
}

/* All registers that a handler could disturb are as they were. */
static s64 registers_kept(void) {
  u64 sum;
  __asm__ volatile(
      "li t0, 1\nli t1, 2\nli t2, 3\nli t3, 4\nli t4, 5\nli t5, 6\nli t6, 7\nli a6, 8\nli a5, 9\n"
      "mv a0, %1\nmv a1, %1\nli a2, 10\nli a7, 131\necall\n"
      "slli t1, t1, 4\nslli t2, t2, 8\nslli t3, t3, 12\nslli t4, t4, 16\nslli t5, t5, 20\nslli t6, t6, 24\n"
      "add %0, t0, t1\nadd %0, %0, t2\nadd %0, %0, t3\nadd %0, %0, t4\nadd %0, %0, t5\nadd %0, %0, t6\nadd %0, %0, a6\nadd %0, %0, a5\nadd %0, %0, a0"
      : "=&r"(sum)
      : "r"(CALL(SYS_getpid))
      : "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a5", "a6", "a7", "memory");
  return (s64)sum;
}

static void end(int how) {
  switch (how) {
    case 1: raise(6); break;
    case 2: *(volatile int *)16 = 1; break;
    case 3: set_handler(11, 1); *(volatile int *)16 = 1; break;
    case 4: set_handler(11, 0); handle(11, SIGINFO, 0); mask(0, BIT(11)); *(volatile int *)16 = 1; break;
    case 5: CALL(SYS_kill, CALL(SYS_getpid), 15); break;
    case 6: CALL(SYS_kill, CALL(SYS_getpid), 9); break;
    case 7: __asm__ volatile("unimp"); break;
    case 8: set_handler(11, 0); handle(11, SIGINFO, 0); __asm__ volatile("li sp, 64\nlw x0, 0(x0)"); break;
    case 9: raise(17); raise(18); raise(28); raise(23); break;
    case 10: mask(0, BIT(15)); raise(15); mask(2, 0); break;
    case 11: raise(40); break;
    case 12: { int ends[2]; CALL(SYS_pipe2, ends, 0); CALL(SYS_close, ends[0]); SHOW(CALL(SYS_write, ends[1], "x", 1)); break; }
    case 13: set_handler(13, 1); end(12); break;
  }
}

static int run(int argc, char **argv) {
  int how = 0;
  for (char *at = argv[1]; *at; at++) how = how * 10 + *at - '0';
  if (how == 0) {
    actions();
    masks();
    faults();
    stacks();
    SHOW(registers_kept());
  }
  end(how);
  print("over\n");
  return 3;
}
