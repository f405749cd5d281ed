/* Prints what the functions of <math.h>, the rounding modes, the exception flags and conversions of numbers to and from text give. */
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 24 };

static unsigned long state = 88172645463325252ul;

static unsigned long any_bits(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Any double, subnormals and NaNs among them, some with few bits. */
static double any(void)
{
	unsigned long bits = any_bits();
	double number;
	if (bits % 7 == 0)
		bits &= ~0xffffffffful;
	memcpy(&number, &bits, sizeof number);
	return number;
}

static double moderate(void)
{
	return ldexp((double)(long)any_bits(), -60) * (1 << (any_bits() % 8));
}

/* A NaN is printed without its sign, which is nobody's promise. */
static void print(const char *name, double result)
{
	if (isnan(result))
		printf("%s nan\n", name);
	else
		printf("%s %.17g %a\n", name, result, result);
}

static double first, second;

static void choose(int index)
{
	first = index % 4 ? moderate() : any();
	second = index % 3 ? moderate() : any();
}

#define EACH(expression) \
	for (int index = 0; index < COUNT; index++) { \
		choose(index); \
		print(#expression, expression); \
	}
#define ONE(function) EACH(function(first)) EACH(function##f((float)first))
#define TWO(function) EACH(function(first, second)) EACH(function##f((float)first, (float)second))

static void functions(void)
{
	ONE(sin) ONE(cos) ONE(tan) ONE(asin) ONE(acos) ONE(atan) ONE(sinh) ONE(cosh) ONE(tanh)
	ONE(exp) ONE(exp2) ONE(expm1) ONE(log) ONE(log2) ONE(log10) ONE(log1p) ONE(sqrt) ONE(cbrt)
	ONE(erf) ONE(erfc) ONE(lgamma) ONE(tgamma) ONE(floor) ONE(ceil) ONE(trunc) ONE(round) ONE(rint) ONE(nearbyint)
	TWO(pow) TWO(atan2) TWO(fmod) TWO(remainder) TWO(hypot) TWO(fmin) TWO(fmax) TWO(nextafter) TWO(copysign) TWO(fdim)
}

static void fused(void)
{
	for (int index = 0; index < COUNT; index++) {
		double a = moderate(), b = moderate();
		print("fma", fma(a, b, -a * b));
		print("fmaf", fmaf((float)a, (float)b, -(float)a * (float)b));
	}
}

static void conversions(void)
{
	for (int index = 0; index < COUNT; index++) {
		double number = moderate();
		char text[64];
		printf("%ld %lu %d %u %.3f %e %g\n", lrint(number), (unsigned long)fabs(number), (int)number, (unsigned)fabs(number),
		       number, number, number);
		number = any();
		if (isnan(number))
			continue;
		snprintf(text, sizeof text, "%.17g", number);
		printf("%s %d %.30Lg\n", text, strtod(text, NULL) == number, (long double)number * (long double)number / 3);
	}
}

static void modes(void)
{
	static const int all[] = { FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD };
	for (int mode = 0; mode < 4; mode++) {
		fesetround(all[mode]);
		for (int index = 0; index < COUNT; index++) {
			choose(index);
			volatile double x = first, y = second;
			feclearexcept(FE_ALL_EXCEPT);
			volatile double results[] = { x + y, x * y, x / y, sqrt(x), fma(x, y, x), (float)x };
			long rounded = lrint(x);
			int flags = fetestexcept(FE_ALL_EXCEPT);
			for (int which = 0; which < 6; which++)
				print("mode", results[which]);
			printf("%d %ld flags %x\n", mode, rounded, flags);
		}
	}
	fesetround(FE_TONEAREST);
}

int main(void)
{
	functions();
	fused();
	conversions();
	modes();
	return 0;
}
