/* Memory bound: sums and copies over arrays of 16 MiB each. */
#include "bench.h"

#define COUNT (2 << 20)
static uint64_t a[COUNT], b[COUNT], c[COUNT];

uint64_t work(int round)
{
	if (round == 0)
		for (int i = 0; i < COUNT; i++)
			b[i] = i, c[i] = i ^ 0x5555;
	uint64_t sum = 0;
	for (int pass = 0; pass < 9; pass++) {
		for (int i = 0; i < COUNT; i++)
			a[i] = b[i] + 3 * c[i];
		for (int i = 0; i < COUNT; i++)
			b[i] = a[i] ^ c[i];
		sum += a[COUNT / 3] + b[COUNT / 7];
	}
	return sum;
}
