import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineKindOf } from '../../../emulator/machine-kind';
import { readProgram } from '../../../program/read-program';
import { requireTools } from '../../support/tools';
import { exitCode, startImage } from './start';

const source = `
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static jmp_buf back;
int initialised = 42;

int main(void) {
    int numbers[] = { 5, -3, 9, 0, 2 };
    printf("hello %d %.6f %e\\n", initialised, sqrt(2.0), 1.0 / 3.0);
    qsort(numbers, 5, sizeof *numbers, order);
    for (int i = 0; i < 5; i++) printf("%d%c", numbers[i], i < 4 ? ' ' : '\\n');
    if (setjmp(back) == 0) longjmp(back, 1);
    char *text = malloc(100);
    strcpy(text, "on the heap");
    puts(text);
    FILE *file = fopen("/tmp/file.txt", "w");
    fprintf(file, "first\\nsecond\\n");
    fclose(file);
    file = fopen("/tmp/file.txt", "r");
    char line[32];
    while (fgets(line, sizeof line, file)) printf("read %s", line);
    if (fgets(line, sizeof line, stdin)) printf("typed %s", line);
    fprintf(stderr, "to stderr\\n");
    exit(7);
}
`;

const expected = `hello 42 1.414214 3.333333e-01
-3 0 2 5 9
on the heap
read first
read second
typed something
to stderr
`;

/** Where the parts of QEMU's virt machine are; without them picolibc's script has its own idea of flash and RAM. */
const virt = ['__flash=0x80000000', '__flash_size=0x100000', '__ram=0x80100000', '__ram_size=0x100000'].map((one) => `-Wl,--defsym=${one}`);

describe('programs of picolibc with semihosting', () => {
  for (const [what, march, mabi, link] of [
    ['at 0x80000000, with doubles', 'rv64gc', 'lp64d', virt],
    ["at picolibc's own addresses, soft float", 'rv64imac', 'lp64', []],
  ] as const) {
    it(what, function () {
      requireTools(this, 'riscv64-unknown-elf-gcc');
      const image = compile([`-march=${march}`, `-mabi=${mabi}`, ...link]);
      assert.equal(machineKindOf(readProgram(image, 'program')), 'bare-metal');
      const started = startImage(image, { input: ['something\n'] });
      assert.equal(exitCode(started), 7);
      assert.equal(started.output(), expected);
      assert.deepEqual(started.notes, []);
    });
  }
});

function compile(args: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  try {
    const [c, elf] = [join(folder, 'program.c'), join(folder, 'program')];
    writeFileSync(c, source);
    const picolibc = ['--specs=picolibc.specs', '--oslib=semihost', '--crt0=hosted'];
    execFileSync('riscv64-unknown-elf-gcc', [...picolibc, ...args, '-mcmodel=medany', '-O1', c, '-o', elf, '-lm']);
    return readFileSync(elf);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
