/* Integers: SHA-256 (FIPS 180-4), rotations and long straight code. */
#include "bench.h"

static uint32_t k[64], h[8];
static uint8_t message[64 * 1024];

static inline uint32_t rotate(uint32_t value, int by)
{
	return value >> by | value << (32 - by);
}

static void block(const uint8_t *bytes)
{
	uint32_t w[64], s[8];
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
	for (int i = 16; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] + (rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3) +
		       (rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10);
	for (int i = 0; i < 8; i++)
		s[i] = h[i];
	for (int i = 0; i < 64; i++) {
		uint32_t one = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
		uint32_t two = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
		for (int j = 7; j > 0; j--)
			s[j] = s[j - 1];
		s[4] += one;
		s[0] = one + two;
	}
	for (int i = 0; i < 8; i++)
		h[i] += s[i];
}

uint64_t work(int round)
{
	if (round == 0) {
		for (int i = 0; i < 64; i++)
			k[i] = random_number();
		for (unsigned long i = 0; i < sizeof message; i++)
			message[i] = random_number();
	}
	for (int i = 0; i < 8; i++)
		h[i] = 0x6a09e667u * (i + 1);
	for (int pass = 0; pass < 60; pass++)
		for (unsigned long at = 0; at < sizeof message; at += 64)
			block(message + at);
	return (uint64_t)h[0] << 32 | h[7];
}
