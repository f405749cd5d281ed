/* Indirect calls: sorting by a comparison that is passed in, and objects with methods. */
#include "bench.h"

#define COUNT 40000
static uint64_t numbers[COUNT];

typedef int (*comparison)(const void *, const void *);

static __attribute__((noinline)) int ascending(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return left < right ? -1 : left > right;
}

static __attribute__((noinline)) int by_low_half(const void *a, const void *b)
{
	uint32_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
	return left < right ? -1 : left > right;
}

static __attribute__((noinline)) void sort(uint64_t *from, uint64_t *to, comparison compare)
{
	while (to - from > 1) {
		uint64_t pivot = from[(to - from) / 2], *low = from, *high = to - 1;
		while (low <= high) {
			while (compare(low, &pivot) < 0)
				low++;
			while (compare(high, &pivot) > 0)
				high--;
			if (low <= high) {
				uint64_t held = *low;
				*low++ = *high;
				*high-- = held;
			}
		}
		if (high + 1 - from < to - low) {
			sort(from, high + 1, compare);
			from = low;
		} else {
			sort(low, to, compare);
			to = high + 1;
		}
	}
}

static uint64_t area_of_square(uint64_t side) { return side * side; }
static uint64_t area_of_disc(uint64_t radius) { return radius * radius * 355 / 113; }
static uint64_t area_of_row(uint64_t length) { return length * 3 + 1; }
static uint64_t (*const volatile areas[])(uint64_t) = { area_of_square, area_of_disc, area_of_row };

uint64_t work(int round)
{
	uint64_t sum = 0;
	for (int pass = 0; pass < 3; pass++) {
		for (int i = 0; i < COUNT; i++)
			numbers[i] = random_number();
		sort(numbers, numbers + COUNT, pass & 1 ? by_low_half : ascending);
		for (int i = 0; i < COUNT; i++)
			sum = sum * 3 + areas[(numbers[i] + round) % 3](numbers[i] & 0xffff);
	}
	return sum;
}
