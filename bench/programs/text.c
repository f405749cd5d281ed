/* Strings: lengths, comparisons, copies, searching, counting words by hash. */
#include "bench.h"

#define SIZE 200000
static char text[SIZE], copy[SIZE];
static uint32_t counts[4096];

static __attribute__((noinline)) unsigned long length(const char *s)
{
	const char *end = s;
	while (*end)
		end++;
	return end - s;
}

static __attribute__((noinline)) int compare(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (unsigned char)*a - (unsigned char)*b;
}

static __attribute__((noinline)) const char *find(const char *s, char byte)
{
	for (; *s; s++)
		if (*s == byte)
			return s;
	return 0;
}

uint64_t work(int round)
{
	if (round == 0)
		for (int i = 0; i < SIZE - 1; i++)
			text[i] = random_number() % 6 == 0 ? ' ' : 'a' + random_number() % 5;
	uint64_t sum = 0;
	for (int pass = 0; pass < 40; pass++) {
		memcpy(copy, text, SIZE);
		copy[(round * 7919 + pass * 104729) % (SIZE - 1)] = 'z';
		sum += length(copy) + compare(copy, text);
		for (const char *word = text; word;) {
			const char *end = find(word, ' ');
			uint32_t hash = 5381;
			for (const char *at = word; *at && at != end; at++)
				hash = hash * 33 + *at;
			counts[hash % 4096]++;
			word = end ? end + 1 : 0;
		}
	}
	for (int i = 0; i < 4096; i++)
		sum = sum * 5 + counts[i];
	return sum;
}
