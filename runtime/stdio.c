/* Output goes out at the end of each call, so that a program stopped anywhere has shown all it has printed. */
#include "runtime.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct __file {
  int descriptor;
};

static FILE standard_input = {0}, standard_output = {1}, standard_error = {2};
WEAK FILE *stdin = &standard_input;
WEAK FILE *stdout = &standard_output;
WEAK FILE *stderr = &standard_error;

/* Where formatted characters go: into a string of a given size, or through a small buffer to a descriptor. */
struct sink {
  char *text;
  size_t size;
  size_t used;
  long total;
  int descriptor;
};

static void flush(struct sink *sink) {
  for (size_t done = 0; done < sink->used;) {
    ssize_t written = write(sink->descriptor, sink->text + done, sink->used - done);
    if (written <= 0) break;
    done += (size_t)written;
  }
  sink->used = 0;
}

static void put(struct sink *sink, char character) {
  sink->total++;
  if (sink->used == sink->size && sink->descriptor >= 0) flush(sink);
  if (sink->used < sink->size) sink->text[sink->used++] = character;
}

static void repeat(struct sink *sink, char character, long count) {
  for (; count > 0; count--) put(sink, character);
}

/* A conversion of printf: `%[flags][width][.precision][length]specifier`. */
struct conversion {
  int left, zero, plus, space, alternate, upper;
  int width, precision;
};

static void put_field(struct sink *sink, const struct conversion *how, const char *prefix, const char *body, int length) {
  int zeros = how->precision > length ? how->precision - length : 0;
  int blanks = how->width - (int)strlen(prefix) - zeros - length;
  if (how->zero && blanks > 0) {
    zeros += blanks;
    blanks = 0;
  }
  if (!how->left) repeat(sink, ' ', blanks);
  while (*prefix) put(sink, *prefix++);
  repeat(sink, '0', zeros);
  while (length-- > 0) put(sink, *body++);
  if (how->left) repeat(sink, ' ', blanks);
}

static void put_number(struct sink *sink, struct conversion *how, unsigned long value, unsigned base, const char *prefix) {
  char digits[24];
  int start = sizeof digits;
  const char *figures = how->upper ? "0123456789ABCDEF" : "0123456789abcdef";
  for (unsigned long left = value; left > 0; left /= base) digits[--start] = figures[left % base];
  if (value == 0 && how->precision != 0) digits[--start] = '0';
  if (base == 8 && how->alternate && digits[start] != '0') digits[--start] = '0';
  if (how->left || how->precision >= 0) how->zero = 0;
  put_field(sink, how, prefix, digits + start, (int)sizeof digits - start);
}

static void put_text(struct sink *sink, struct conversion *how, const char *text) {
  if (!text) text = "(null)";
  int length = (int)strnlen(text, how->precision < 0 ? INT_MAX : (size_t)how->precision);
  how->zero = 0;
  how->precision = -1;
  put_field(sink, how, "", text, length);
}

/* The size of an integer argument in bytes, from the length modifier, which is skipped. */
static int integer_size(const char **format) {
  switch (*(*format)++) {
    case 'h':
      if (**format != 'h') return 2;
      ++*format;
      return 1;
    case 'l':
      if (**format == 'l') ++*format;
      return 8;
    case 'z':
    case 'j':
    case 't':
      return 8;
    default:
      --*format;
      return 4;
  }
}

static long sign_extended(long value, int size) {
  int shift = 64 - 8 * size;
  return (long)((unsigned long)value << shift) >> shift;
}

static int read_number(const char **format, va_list *arguments) {
  int number = 0;
  if (**format == '*') {
    ++*format;
    return va_arg(*arguments, int);
  }
  while (**format >= '0' && **format <= '9') number = number * 10 + *(*format)++ - '0';
  return number;
}

static const char *put_conversion(struct sink *sink, const char *format, va_list *arguments) {
  struct conversion how = {.precision = -1};
  const char *start = format;
  for (;; format++) {
    if (*format == '-') how.left = 1;
    else if (*format == '0') how.zero = 1;
    else if (*format == '+') how.plus = 1;
    else if (*format == ' ') how.space = 1;
    else if (*format == '#') how.alternate = 1;
    else break;
  }
  how.width = read_number(&format, arguments);
  if (how.width < 0) {
    how.left = 1;
    how.width = -how.width;
  }
  if (*format == '.') {
    format++;
    how.precision = read_number(&format, arguments);
  }
  int size = integer_size(&format);
  char specifier = *format++;
  switch (specifier) {
    case 'd':
    case 'i': {
      long value = sign_extended(va_arg(*arguments, long), size);
      const char *sign = value < 0 ? "-" : how.plus ? "+" : how.space ? " " : "";
      put_number(sink, &how, value < 0 ? -(unsigned long)value : (unsigned long)value, 10, sign);
      return format;
    }
    case 'u':
    case 'o':
    case 'x':
    case 'X': {
      unsigned long value = (unsigned long)va_arg(*arguments, long) & (~0UL >> (64 - 8 * size));
      how.upper = specifier == 'X';
      const char *prefix = how.alternate && value && (specifier | 32) == 'x' ? (how.upper ? "0X" : "0x") : "";
      put_number(sink, &how, value, specifier == 'u' ? 10 : specifier == 'o' ? 8 : 16, prefix);
      return format;
    }
    case 'p':
      put_number(sink, &how, (unsigned long)va_arg(*arguments, void *), 16, "0x");
      return format;
    case 'c': {
      char character = (char)va_arg(*arguments, int);
      how.zero = 0;
      how.precision = -1;
      put_field(sink, &how, "", &character, 1);
      return format;
    }
    case 's':
      put_text(sink, &how, va_arg(*arguments, const char *));
      return format;
    case '%':
      put(sink, '%');
      return format;
    default:
      /* Not known (%f needs a C library with floating point): the text stays as it is written. */
      put(sink, '%');
      while (start < format && *start) put(sink, *start++);
      return start;
  }
}

static int put_format(struct sink *sink, const char *format, va_list arguments) {
  va_list rest;
  va_copy(rest, arguments);
  while (*format) {
    if (*format == '%') format = put_conversion(sink, format + 1, &rest);
    else put(sink, *format++);
  }
  va_end(rest);
  return (int)sink->total;
}

WEAK int vsnprintf(char *restrict text, size_t size, const char *restrict format, va_list arguments) {
  struct sink sink = {.text = text, .size = size > 0 ? size - 1 : 0, .descriptor = -1};
  int length = put_format(&sink, format, arguments);
  if (size > 0) text[sink.used] = 0;
  return length;
}

WEAK int snprintf(char *restrict text, size_t size, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, size, format, arguments);
  va_end(arguments);
  return length;
}

WEAK int sprintf(char *restrict text, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, INT_MAX, format, arguments);
  va_end(arguments);
  return length;
}

WEAK int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments) {
  char buffer[256];
  struct sink sink = {.text = buffer, .size = sizeof buffer, .descriptor = file->descriptor};
  int length = put_format(&sink, format, arguments);
  flush(&sink);
  return length;
}

WEAK int fprintf(FILE *restrict file, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vfprintf(file, format, arguments);
  va_end(arguments);
  return length;
}

WEAK int vprintf(const char *restrict format, va_list arguments) {
  return vfprintf(stdout, format, arguments);
}

WEAK int printf(const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vfprintf(stdout, format, arguments);
  va_end(arguments);
  return length;
}

WEAK int fputs(const char *restrict text, FILE *restrict file) {
  return fprintf(file, "%s", text);
}

WEAK int puts(const char *text) {
  return fprintf(stdout, "%s\n", text);
}

WEAK size_t fwrite(const void *restrict items, size_t size, size_t count, FILE *restrict file) {
  const char *bytes = items;
  for (size_t left = size * count; left > 0;) {
    ssize_t written = write(file->descriptor, bytes, left);
    if (written <= 0) return (size * count - left) / size;
    bytes += written;
    left -= (size_t)written;
  }
  return count;
}

WEAK int fputc(int character, FILE *file) {
  char byte = (char)character;
  return write(file->descriptor, &byte, 1) == 1 ? (unsigned char)byte : EOF;
}

WEAK int putc(int character, FILE *file) {
  return fputc(character, file);
}

WEAK int putchar(int character) {
  return fputc(character, stdout);
}

WEAK int fflush(FILE *file) {
  (void)file;
  return 0;
}

WEAK int fgetc(FILE *file) {
  unsigned char byte;
  return read(file->descriptor, &byte, 1) == 1 ? byte : EOF;
}

WEAK int getchar(void) {
  return fgetc(stdin);
}

WEAK char *fgets(char *restrict text, int size, FILE *restrict file) {
  int used = 0;
  while (used < size - 1) {
    int character = fgetc(file);
    if (character == EOF) break;
    text[used++] = (char)character;
    if (character == '\n') break;
  }
  text[used] = 0;
  return used > 0 ? text : NULL;
}
