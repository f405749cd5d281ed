#include "runtime.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

WEAK void exit(int status) {
  _exit(status);
}

/* What a shell shows for a program that SIGABRT has ended. */
WEAK void abort(void) {
  _exit(128 + 6);
}

/* A block of the heap; blocks lie one after the other from `first` on, and the next one starts after `size` bytes. */
struct block {
  size_t size;
  size_t used;
};

enum { GRAIN = 16, CHUNK = 65536 };

static struct block *first, *heap_end;

static struct block *next_of(struct block *block) {
  return (struct block *)((char *)(block + 1) + block->size);
}

/* Joins a free block with the free ones after it. */
static void join(struct block *block) {
  for (struct block *next = next_of(block); next < heap_end && !next->used; next = next_of(block)) block->size += sizeof *next + next->size;
}

static int grow(size_t size) {
  size_t bytes = (size + sizeof(struct block) + CHUNK - 1) / CHUNK * CHUNK;
  if (!first) {
    char *start = sbrk(0);
    sbrk((intptr_t)(-(uintptr_t)start % GRAIN));
  }
  struct block *block = sbrk((intptr_t)bytes);
  if (block == (void *)-1) return 0;
  if (!first) first = block;
  block->size = bytes - sizeof *block;
  block->used = 0;
  heap_end = next_of(block);
  return 1;
}

WEAK void *malloc(size_t size) {
  if (size > PTRDIFF_MAX - CHUNK - sizeof(struct block)) {
    errno = ENOMEM;
    return NULL;
  }
  size = (size + GRAIN - 1) / GRAIN * GRAIN;
  do {
    for (struct block *block = first; block < heap_end; block = next_of(block)) {
      if (block->used) continue;
      join(block);
      if (block->size < size) continue;
      if (block->size - size > sizeof *block) {
        struct block *rest = (struct block *)((char *)(block + 1) + size);
        rest->size = block->size - size - sizeof *rest;
        rest->used = 0;
        block->size = size;
      }
      block->used = 1;
      return block + 1;
    }
  } while (grow(size));
  return NULL;
}

WEAK void free(void *memory) {
  if (memory) ((struct block *)memory - 1)->used = 0;
}

WEAK void *calloc(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
  void *memory = malloc(bytes);
  return memory ? memset(memory, 0, bytes) : NULL;
}

WEAK void *realloc(void *memory, size_t size) {
  if (!memory) return malloc(size);
  size_t old = ((struct block *)memory - 1)->size;
  if (size <= old) return memory;
  void *larger = malloc(size);
  if (!larger) return NULL;
  memcpy(larger, memory, old);
  free(memory);
  return larger;
}

WEAK unsigned long strtoul(const char *restrict text, char **restrict end, int base) {
  const char *at = text;
  while (isspace((unsigned char)*at)) at++;
  int negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  int prefixed = at[0] == '0' && (at[1] | 32) == 'x' && isxdigit((unsigned char)at[2]);
  if ((base == 0 || base == 16) && prefixed) at += 2;
  if (base == 0) base = prefixed ? 16 : *at == '0' ? 8 : 10;
  const char *digits = at;
  unsigned long value = 0;
  for (;; at++) {
    int digit = isdigit((unsigned char)*at) ? *at - '0' : isalpha((unsigned char)*at) ? (*at | 32) - 'a' + 10 : INT_MAX;
    if (digit >= base) break;
    value = value * (unsigned long)base + (unsigned long)digit;
  }
  if (end) *end = (char *)(at == digits ? text : at);
  return negative ? -value : value;
}

WEAK long strtol(const char *restrict text, char **restrict end, int base) {
  return (long)strtoul(text, end, base);
}

WEAK long atol(const char *text) {
  return strtol(text, NULL, 10);
}

WEAK int atoi(const char *text) {
  return (int)atol(text);
}

WEAK int abs(int value) {
  return value < 0 ? -value : value;
}

WEAK long labs(long value) {
  return value < 0 ? -value : value;
}

static void swap(char *a, char *b, size_t size) {
  for (; size > 0; size--, a++, b++) {
    char byte = *a;
    *a = *b;
    *b = byte;
  }
}

/* Heapsort: no recursion, no worst case. */
WEAK void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  char *base = items;
  for (size_t end = count, start = count / 2; end > 1;) {
    if (start > 0) start--;
    else swap(base, base + --end * size, size);
    for (size_t parent = start, child; (child = 2 * parent + 1) < end; parent = child) {
      if (child + 1 < end && compare(base + child * size, base + (child + 1) * size) < 0) child++;
      if (compare(base + parent * size, base + child * size) >= 0) break;
      swap(base + parent * size, base + child * size, size);
    }
  }
}

static unsigned long random_state = 1;

WEAK void srand(unsigned seed) {
  random_state = seed;
}

/* A linear congruential generator with Knuth's MMIX constants. */
WEAK int rand(void) {
  random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
  return (int)(random_state >> 33);
}
