/* Links only where the compiler has a C library for this machine. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  return printf("%p %f %s\n", malloc(1), sqrt(argc), argv[0]) < 0;
}
