/* One long function of 1,000 ifs, of which few are true each time round: a Petri net, as tools write it. */
#include "bench.h"

#define PLACES 128
static int32_t places[PLACES];
static uint32_t fired;

/* A transition takes a token from two places and puts one into two others; which they are follows from its number. */
#define FIRE(n) \
	if (places[(n) * 7 % PLACES] > 0 && places[((n) * 13 + 5) % PLACES] > ((n) & 1) && places[((n) * 29 + 3) % PLACES] < 3) { \
		places[(n) * 7 % PLACES]--; \
		places[((n) * 13 + 5) % PLACES]--; \
		places[((n) * 29 + 3) % PLACES]++; \
		places[((n) * 31 + 11) % PLACES]++; \
		fired += (n) % 5; \
	}
#define FIRE10(n) FIRE(n) FIRE(n + 1) FIRE(n + 2) FIRE(n + 3) FIRE(n + 4) FIRE(n + 5) FIRE(n + 6) FIRE(n + 7) FIRE(n + 8) FIRE(n + 9)
#define FIRE100(n) \
	FIRE10(n) FIRE10(n + 10) FIRE10(n + 20) FIRE10(n + 30) FIRE10(n + 40) \
	FIRE10(n + 50) FIRE10(n + 60) FIRE10(n + 70) FIRE10(n + 80) FIRE10(n + 90)

static __attribute__((noinline)) void step(void)
{
	FIRE100(0)
	FIRE100(100)
	FIRE100(200)
	FIRE100(300)
	FIRE100(400)
	FIRE100(500)
	FIRE100(600)
	FIRE100(700)
	FIRE100(800)
	FIRE100(900)
}

uint64_t work(int round)
{
	uint64_t sum = 0;
	for (int pass = 0; pass < 7000; pass++) {
		if (pass % 32 == 0)
			for (int i = 0; i < PLACES; i++)
				places[i] = random_number() % 3;
		step();
		sum = sum * 31 + fired + places[pass % PLACES];
	}
	return sum + round;
}
