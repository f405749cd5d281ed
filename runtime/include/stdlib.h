#pragma once

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 2147483647

_Noreturn void exit(int status);
_Noreturn void abort(void);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void free(void *memory);
int atoi(const char *text);
long atol(const char *text);
long strtol(const char *restrict text, char **restrict end, int base);
unsigned long strtoul(const char *restrict text, char **restrict end, int base);
int abs(int value);
long labs(long value);
void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *));
void srand(unsigned seed);
int rand(void);
