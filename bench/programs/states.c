/* One long function with a switch of 256 cases: a machine whose next state follows from what it reads. */
#include "bench.h"

#define SIZE 4096
static uint8_t input[SIZE];
static uint64_t registers[8];

/* What a state does follows from its number, as does where it goes. */
#define STATE(n) \
	case n: \
		registers[(n) % 8] += byte * (2 * (n) + 1); \
		registers[(n) / 8 % 8] ^= registers[(n) % 8] >> ((n) % 31 + 1); \
		if ((n) % 3 == 0 && byte > (n)) \
			registers[((n) + 3) % 8] -= (n); \
		if ((n) % 5 == 0) \
			byte = registers[(n) % 8] & 0xff; \
		state = (byte * ((n) | 1) + (n) * 37) & 0xff; \
		break;
#define STATE4(n) STATE(n) STATE((n) + 1) STATE((n) + 2) STATE((n) + 3)
#define STATE16(n) STATE4(n) STATE4((n) + 4) STATE4((n) + 8) STATE4((n) + 12)
#define STATE64(n) STATE16(n) STATE16((n) + 16) STATE16((n) + 32) STATE16((n) + 48)

static __attribute__((noinline)) unsigned step_all(unsigned state)
{
	for (int at = 0; at < SIZE; at++) {
		uint64_t byte = input[at];
		switch (state) {
			STATE64(0)
			STATE64(64)
			STATE64(128)
			STATE64(192)
		}
	}
	return state;
}

uint64_t work(int round)
{
	unsigned state = round & 0xff;
	uint64_t sum = 0;
	for (int pass = 0; pass < 300; pass++) {
		if (pass % 16 == 0)
			for (int i = 0; i < SIZE; i++)
				input[i] = random_number();
		state = step_all(state);
		sum = sum * 31 + registers[pass % 8] + state;
	}
	return sum;
}
