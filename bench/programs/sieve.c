/* Integers: the primes below two million, bytes as flags. */
#include "bench.h"

#define SIZE 2000000
static uint8_t composite[SIZE];

uint64_t work(int round)
{
	uint64_t sum = 0;
	for (int pass = 0; pass < 9; pass++) {
		memset(composite, 0, SIZE);
		for (uint64_t i = 2; i < SIZE; i++) {
			if (composite[i])
				continue;
			sum += i * (round + 1);
			for (uint64_t j = i * i; j < SIZE; j += i)
				composite[j] = 1;
		}
	}
	return sum;
}
