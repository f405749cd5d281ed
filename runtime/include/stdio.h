#pragma once

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

typedef struct __file FILE;

extern FILE *stdin;
extern FILE *stdout;
extern FILE *stderr;

int printf(const char *restrict format, ...) __attribute__((format(printf, 1, 2)));
int fprintf(FILE *restrict file, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int sprintf(char *restrict text, const char *restrict format, ...) __attribute__((format(printf, 2, 3)));
int snprintf(char *restrict text, size_t size, const char *restrict format, ...) __attribute__((format(printf, 3, 4)));
int vprintf(const char *restrict format, va_list arguments);
int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments);
int vsnprintf(char *restrict text, size_t size, const char *restrict format, va_list arguments);
int puts(const char *text);
int fputs(const char *restrict text, FILE *restrict file);
size_t fwrite(const void *restrict items, size_t size, size_t count, FILE *restrict file);
int putchar(int character);
int putc(int character, FILE *file);
int fputc(int character, FILE *file);
int fflush(FILE *file);
int getchar(void);
int fgetc(FILE *file);
char *fgets(char *restrict text, int size, FILE *restrict file);
