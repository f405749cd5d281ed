/* The compiler's own; GCC's stdint.h looks for that of a C library, its stdint-gcc.h does not. */
#pragma once

#if __has_include(<stdint-gcc.h>)
#include <stdint-gcc.h>
#else
#include_next <stdint.h>
#endif
