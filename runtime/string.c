#include "runtime.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

WEAK void *memcpy(void *restrict to, const void *restrict from, size_t length) {
  unsigned char *target = to;
  const unsigned char *source = from;
  if (((uintptr_t)target | (uintptr_t)source) % sizeof(long) == 0) {
    for (; length >= sizeof(long); length -= sizeof(long)) {
      *(long *)target = *(const long *)source;
      target += sizeof(long);
      source += sizeof(long);
    }
  }
  while (length-- > 0) *target++ = *source++;
  return to;
}

WEAK void *memmove(void *to, const void *from, size_t length) {
  unsigned char *target = to;
  const unsigned char *source = from;
  if (target <= source || target >= source + length) return memcpy(to, from, length);
  while (length-- > 0) target[length] = source[length];
  return to;
}

WEAK void *memset(void *to, int value, size_t length) {
  for (unsigned char *target = to; length > 0; length--) *target++ = (unsigned char)value;
  return to;
}

WEAK int memcmp(const void *a, const void *b, size_t length) {
  const unsigned char *left = a, *right = b;
  for (; length > 0; length--, left++, right++) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}

WEAK void *memchr(const void *bytes, int value, size_t length) {
  for (const unsigned char *byte = bytes; length > 0; length--, byte++) {
    if (*byte == (unsigned char)value) return (void *)byte;
  }
  return NULL;
}

WEAK size_t strnlen(const char *text, size_t limit) {
  size_t length = 0;
  while (length < limit && text[length]) length++;
  return length;
}

WEAK size_t strlen(const char *text) {
  return strnlen(text, SIZE_MAX);
}

WEAK int strncmp(const char *a, const char *b, size_t limit) {
  for (; limit > 0; limit--, a++, b++) {
    if (*a != *b) return (unsigned char)*a - (unsigned char)*b;
    if (*a == 0) break;
  }
  return 0;
}

WEAK int strcmp(const char *a, const char *b) {
  return strncmp(a, b, SIZE_MAX);
}

/* strcpy, but it gives the end of the copy. */
WEAK char *stpcpy(char *restrict to, const char *restrict from) {
  size_t length = strlen(from);
  memcpy(to, from, length + 1);
  return to + length;
}

WEAK char *strcpy(char *restrict to, const char *restrict from) {
  stpcpy(to, from);
  return to;
}

WEAK char *strncpy(char *restrict to, const char *restrict from, size_t size) {
  size_t length = strnlen(from, size);
  memcpy(to, from, length);
  memset(to + length, 0, size - length);
  return to;
}

WEAK char *strcat(char *restrict to, const char *restrict from) {
  strcpy(to + strlen(to), from);
  return to;
}

WEAK char *strncat(char *restrict to, const char *restrict from, size_t limit) {
  size_t start = strlen(to), length = strnlen(from, limit);
  memcpy(to + start, from, length);
  to[start + length] = 0;
  return to;
}

WEAK char *strchr(const char *text, int value) {
  return memchr(text, value, strlen(text) + 1);
}

WEAK char *strrchr(const char *text, int value) {
  for (const char *at = text + strlen(text); at >= text; at--) {
    if (*at == (char)value) return (char *)at;
  }
  return NULL;
}

WEAK char *strstr(const char *text, const char *part) {
  size_t length = strlen(part);
  for (; strncmp(text, part, length) != 0; text++) {
    if (*text == 0) return NULL;
  }
  return (char *)text;
}

WEAK char *strdup(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}
