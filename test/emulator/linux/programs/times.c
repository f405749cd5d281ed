/* Clocks, sleeps and timers: what does not depend on how fast the machine is. */
#include "call.h"

struct time { s64 seconds, part; };
#define BAD ((void *)8)
static volatile int alarms;
static void on_alarm(int number) { alarms += number; }
struct action { void (*handler)(int); u64 flags, mask; };

static s64 now(int clock) {
  struct time time;
  CALL(SYS_clock_gettime, clock, &time);
  return time.seconds * 1000000000 + time.part;
}

static int run(int argc, char **argv) {
  struct time time = {0, 20000000}, left;
  s64 before = now(1);
  SHOW(CALL(SYS_nanosleep, &time, &left));
  s64 passed = now(1) - before;
  SHOW(passed >= 20000000);
  time.part = 1000000000;
  SHOW(CALL(SYS_nanosleep, &time, 0));
  time.part = -1;
  SHOW(CALL(SYS_nanosleep, &time, 0));
  before = now(1);
  time.seconds = (before + 10000000) / 1000000000;
  time.part = (before + 10000000) % 1000000000;
  SHOW(CALL(SYS_clock_nanosleep, 1, 1, &time, 0));
  SHOW(now(1) - before >= 10000000);
  time.seconds = 0;
  SHOW(CALL(SYS_clock_nanosleep, 1, 1, &time, 0));
  SHOW(CALL(SYS_clock_nanosleep, 77, 0, &time, 0));
  SHOW(CALL(SYS_clock_gettime, 77, &time));
  SHOW(CALL(SYS_clock_gettime, 1, BAD));
  SHOW(CALL(SYS_clock_getres, 1, &time));
  SHOW(CALL(SYS_clock_getres, 77, &time));
  SHOW(CALL(SYS_gettimeofday, &time, 0));
  SHOW(CALL(SYS_gettimeofday, BAD, 0));
  SHOW(CALL(SYS_times, 0) >= 0);
  struct action action = {on_alarm, 0, 0};
  CALL(SYS_rt_sigaction, 14, &action, 0, 8);
  struct time timer[2] = {{0, 0}, {0, 10000}};
  SHOW(CALL(SYS_setitimer, 0, timer, 0));
  time.seconds = 1;
  time.part = 0;
  SHOW(CALL(SYS_nanosleep, &time, &left));
  SHOW(left.seconds == 0 && left.part > 0);
  SHOW(alarms);
  SHOW(CALL(SYS_setitimer, 0, timer, 0));
  while (alarms < 20) {}
  SHOW(alarms);
  SHOW(CALL(SYS_getitimer, 0, timer));
  SHOW(timer[0].seconds + timer[0].part + timer[1].seconds + timer[1].part);
  SHOW(CALL(SYS_setitimer, 9, timer, 0));
  timer[1].part = 1000000;
  SHOW(CALL(SYS_setitimer, 0, timer, 0));
  u32 word = 5;
  time.seconds = 0;
  time.part = 1000;
  SHOW(CALL(SYS_futex, &word, 0, 4, 0));
  SHOW(CALL(SYS_futex, &word, 0, 5, &time));
  SHOW(CALL(SYS_futex, &word, 1, 1, 0));
  SHOW(CALL(SYS_futex, (char *)&word + 1, 0, 5, 0));
  char names[390];
  SHOW(CALL(SYS_uname, names));
  SHOW(names[0] * 1000 + names[260]);
  SHOW(CALL(SYS_uname, BAD));
  SHOW(CALL(SYS_sysinfo, BAD));
  return 0;
}
