/* Recursion: two calls at almost every level. */
#include "bench.h"

static __attribute__((noinline)) uint64_t fib(uint64_t n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

uint64_t work(int round)
{
	return fib(31 + (round & 1));
}
