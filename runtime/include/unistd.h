#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

ssize_t read(int descriptor, void *bytes, size_t length);
ssize_t write(int descriptor, const void *bytes, size_t length);
_Noreturn void _exit(int status);
void *sbrk(intptr_t increment);
