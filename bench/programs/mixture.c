/* What small systems do: a list, matrices of integers, a state machine over text, and a CRC over all of it. */
#include "bench.h"

static __attribute__((noinline)) uint16_t crc(uint16_t value, uint16_t data)
{
	for (int bit = 0; bit < 16; bit++) {
		uint16_t carry = (value ^ data) & 1;
		value = carry ? value >> 1 ^ 0xa001 : value >> 1;
		data >>= 1;
	}
	return value;
}

#define N 24
static int16_t left[N][N], right[N][N];
static int32_t product[N][N];

static __attribute__((noinline)) int32_t multiply(int16_t by)
{
	int32_t sum = 0;
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			product[i][j] = 0;
			for (int k = 0; k < N; k++)
				product[i][j] += left[i][k] * (right[k][j] + by);
			sum += product[i][j] > 0x1000 ? 10 : product[i][j] & 7;
		}
	return sum;
}

enum state { START, INTEGER, FRACTION, EXPONENT, INVALID, STATES };

static __attribute__((noinline)) enum state next_state(enum state state, char byte)
{
	int digit = byte >= '0' && byte <= '9';
	switch (state) {
	case START: return digit ? INTEGER : byte == '.' ? FRACTION : byte == '+' || byte == '-' ? INTEGER : INVALID;
	case INTEGER: return digit ? INTEGER : byte == '.' ? FRACTION : byte == ',' ? START : INVALID;
	case FRACTION: return digit ? FRACTION : byte == 'e' ? EXPONENT : byte == ',' ? START : INVALID;
	case EXPONENT: return digit ? EXPONENT : byte == ',' ? START : INVALID;
	default: return byte == ',' ? START : INVALID;
	}
}

struct item { struct item *next; int16_t value, index; };
static struct item items[200];

static __attribute__((noinline)) struct item *reverse(struct item *list)
{
	struct item *done = 0;
	while (list) {
		struct item *next = list->next;
		list->next = done;
		done = list;
		list = next;
	}
	return done;
}

static __attribute__((noinline)) struct item *search(struct item *list, int16_t value)
{
	while (list && list->value != value)
		list = list->next;
	return list;
}

uint64_t work(int round)
{
	static const char text[] = "1.5e7,-22,+4.4,x12,.5,9e3,77,1..2,003,8.125e,12,";
	uint16_t check = round;
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			left[i][j] = i + j + round, right[i][j] = i ^ j;
	for (int i = 0; i < 200; i++)
		items[i] = (struct item){ i < 199 ? &items[i + 1] : 0, i * 7 % 200, i };
	struct item *list = items;
	for (int pass = 0; pass < 2500; pass++) {
		list = reverse(list);
		for (int value = 0; value < 200; value += 20) {
			struct item *found = search(list, value + pass % 20);
			check = crc(check, found ? found->index : 0xffff);
		}
		check = crc(check, multiply(pass));
		uint32_t counts[STATES] = { 0 };
		enum state state = START;
		for (const char *at = text; *at; at++)
			counts[state = next_state(state, *at ^ (pass % 64 == 0))]++;
		for (int i = 0; i < STATES; i++)
			check = crc(check, counts[i]);
	}
	return check;
}
