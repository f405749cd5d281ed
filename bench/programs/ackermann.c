/* Recursion thousands of calls deep. */
#include "bench.h"

static __attribute__((noinline)) unsigned ackermann(unsigned m, unsigned n)
{
	if (m == 0)
		return n + 1;
	if (n == 0)
		return ackermann(m - 1, 1);
	return ackermann(m - 1, ackermann(m, n - 1));
}

uint64_t work(int round)
{
	uint64_t sum = 0;
	for (int count = 0; count < 5; count++)
		sum += ackermann(3, 7 + (round & 1));
	return sum;
}
