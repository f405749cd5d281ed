/* Links only where the compiler has a C library for this machine. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  return printf("%p\n", malloc(1)) < 0;
}
