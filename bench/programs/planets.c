/* Floating point: bodies under gravity, with square roots and divisions. */
#include "bench.h"

#define BODIES 5
static double x[BODIES] = { 0, 4.84, 8.34, 12.89, 15.37 }, y[BODIES] = { 0, -1.16, 4.12, -15.11, -25.9 };
static double z[BODIES] = { 0, -0.1, -0.4, -0.22, 0.17 }, m[BODIES] = { 39.47, 0.037, 0.011, 0.0017, 0.002 };
static double vx[BODIES] = { 0, 0.6, -1.01, 1.08, 0.97 }, vy[BODIES] = { 0, 2.8, 1.81, 0.86, 0.59 }, vz[BODIES];

uint64_t work(int round)
{
	(void)round;
	for (int step = 0; step < 60000; step++) {
		for (int i = 0; i < BODIES; i++)
			for (int j = i + 1; j < BODIES; j++) {
				double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
				double square = dx * dx + dy * dy + dz * dz;
				double pull = 0.001 / (square * __builtin_sqrt(square));
				vx[i] -= dx * m[j] * pull, vy[i] -= dy * m[j] * pull, vz[i] -= dz * m[j] * pull;
				vx[j] += dx * m[i] * pull, vy[j] += dy * m[i] * pull, vz[j] += dz * m[i] * pull;
			}
		for (int i = 0; i < BODIES; i++)
			x[i] += 0.001 * vx[i], y[i] += 0.001 * vy[i], z[i] += 0.001 * vz[i];
	}
	uint64_t sum = 0;
	for (int i = 0; i < BODIES; i++) {
		union { double value; uint64_t bits; } one = { x[i] + y[i] + z[i] };
		sum = sum * 17 + one.bits;
	}
	return sum;
}
