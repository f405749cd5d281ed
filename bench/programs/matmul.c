/* Floating point: double-precision matrices, which compilers multiply by fmadd.d. */
#include "bench.h"

#define N 192
static double a[N][N], b[N][N], c[N][N];

uint64_t work(int round)
{
	uint64_t sum = 0;
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			a[i][j] = (double)(i * 3 + j * 7 + round) / 11;
			b[i][j] = (double)(i * 5 - j * 2 + 1) / 13;
			c[i][j] = 0;
		}
	for (int i = 0; i < N; i++)
		for (int k = 0; k < N; k++)
			for (int j = 0; j < N; j++)
				c[i][j] += a[i][k] * b[k][j];
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++) {
			union { double value; uint64_t bits; } one = { c[i][j] };
			sum = sum * 17 + one.bits;
		}
	return sum;
}
