#include <stdio.h>
#include <stdlib.h>

#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) \
  ((condition) ? (void)0 \
               : (fprintf(stderr, "%s:%d: %s: assertion `%s' failed\n", __FILE__, __LINE__, __func__, #condition), abort()))
#endif

#ifndef static_assert
#define static_assert _Static_assert
#endif
