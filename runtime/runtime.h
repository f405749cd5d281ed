/* What the sources of the runtime share. Everything is weak: a definition in the program takes its place. */
#pragma once

#include <stddef.h>

#define WEAK __attribute__((weak))

/* Linux system call numbers (asm-generic/unistd.h). */
enum { SYS_READ = 63, SYS_WRITE = 64, SYS_EXIT_GROUP = 94, SYS_CLOCK_GETTIME = 113, SYS_BRK = 214 };

/* The kernel's answer: a negative error number where it failed. */
static inline long system_call(long number, long a, long b, long c) {
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  register long a7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  return a0;
}
