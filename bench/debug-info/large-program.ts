import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program with many units of debug information, and what it has of it. */
export interface LargeProgram {
  readonly path: string;
  readonly units: number;
  /** Bytes of all its sections of debug information. */
  readonly size: number;
}

/** Calls between `main` and the innermost function, where `breakFunction` stops. */
export const depth = 20;
export const breakFunction = 'innermost';

const compilers = ['clang-19', 'clang', 'riscv64-linux-gnu-gcc', 'riscv64-unknown-elf-gcc'];
const machine = ['-march=rv64gc', '-mabi=lp64d', '-mno-relax', '-ffreestanding', '-fno-pie', '-g'];

/** The compiler that builds such programs; undefined where there is none. */
export function findCompiler(): string | undefined {
  return compilers.find((name) => spawnSync(name, ['--version']).status === 0);
}

/** A folder for programs, removed when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Builds a program with about so many bytes of debug information. A unit is compiled once without and once with optimisation; the
 * others are copies of the two objects in which every name has another number of the same length.
 */
export function buildLargeProgram(compiler: string, folder: string, bytes: number): LargeProgram {
  const objects = ['-O0', '-O2'].map((level) => {
    const object = join(folder, `unit${level}.o`);
    writeFileSync(join(folder, `${placeholder}.c`), unitSource());
    run(compiler, [...targetOf(compiler), ...machine, level, '-c', `${placeholder}.c`, '-o', object], folder);
    return readFileSync(object, 'latin1');
  });
  const each = objects.reduce((sum, object) => sum + debugBytes(Buffer.from(object, 'latin1')), 0) / objects.length;
  const units = Math.max(depth, Math.round(bytes / each));
  const names = Array.from({ length: units }, (_, number) => `u${String(number).padStart(placeholder.length - 1, '0')}`);
  for (const [number, name] of names.entries()) {
    writeFileSync(join(folder, `${name}.o`), objects[number % 2]!.replaceAll(placeholder, name), 'latin1');
  }
  writeFileSync(join(folder, 'main.c'), mainSource(names));
  const path = join(folder, `program-${units}.elf`);
  const link = [...targetOf(compiler), ...machine, '-O0', 'main.c', ...names.map((name) => `${name}.o`), '-o', path];
  writeFileSync(join(folder, 'link.txt'), [...link, '-nostdlib', '-static', '-no-pie'].join('\n'));
  run(compiler, ['@link.txt'], folder);
  return { path, units, size: debugBytes(readFileSync(path)) };
}

const placeholder = 'u99999';

function targetOf(compiler: string): string[] {
  if (!compiler.startsWith('clang')) return [];
  return ['--target=riscv64', `-fuse-ld=lld${compiler.slice('clang'.length)}`];
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}

/** Bytes of the sections whose names start with `.debug_`; an object's relocations do not count. */
function debugBytes(image: Buffer): number {
  const [table, count, names] = [Number(image.readBigUInt64LE(0x28)), image.readUInt16LE(0x3c), image.readUInt16LE(0x3e)];
  const offsetOf = (section: number) => Number(image.readBigUInt64LE(table + 64 * section + 24));
  const sections = Array.from({ length: count }, (_, section) => {
    const at = offsetOf(names) + image.readUInt32LE(table + 64 * section);
    const name = image.toString('latin1', at, image.indexOf(0, at));
    return name.startsWith('.debug_') ? Number(image.readBigUInt64LE(table + 64 * section + 32)) : 0;
  });
  return sections.reduce((sum, size) => sum + size, 0);
}

function mainSource(names: readonly string[]): string {
  const chain = names.slice(0, depth);
  return `
typedef long Step(int depth, const void *next);
${chain.map((name) => `extern Step ${name}_chain;`).join('\n')}
static Step *const steps[] = { ${chain.map((name) => `${name}_chain`).join(', ')} };
void *memcpy(void *to, const void *from, unsigned long size) {
  for (unsigned long index = 0; index < size; index++) ((volatile char *)to)[index] = ((const char *)from)[index];
  return to;
}
void *memset(void *to, int value, unsigned long size) {
  for (unsigned long index = 0; index < size; index++) ((volatile char *)to)[index] = (char)value;
  return to;
}
volatile long result;
__attribute__((noinline)) long ${breakFunction}(int depth) { result += depth; return result; }
long next_step(int depth, const void *next) {
  return depth == ${depth} ? ${breakFunction}(depth) : steps[depth](depth + 1, next);
}
int main(void) { return (int)next_step(0, next_step); }
void _start(void) {
  register long a0 asm("a0") = main() & 0;
  register long a7 asm("a7") = 93;
  asm volatile("ecall" : : "r"(a0), "r"(a7));
  __builtin_unreachable();
}
`;
}

/** Types and functions as of an ordinary source of some hundred lines. */
function unitSource(): string {
  const types = Array.from(
    { length: 30 },
    (_, index) => `
enum ${placeholder}_kind${index} { ${placeholder}_first${index}, ${placeholder}_second${index} = 5, ${placeholder}_last${index} };
struct ${placeholder}_item${index} {
  int number; unsigned long address; char text[${16 + index}]; enum ${placeholder}_kind${index} kind;
  struct ${placeholder}_item${index} *next; unsigned flag : 3, rest : 7;
  union { double real; long whole[2]; } ${placeholder}_value${index};
  int (*compare${index})(const struct ${placeholder}_item${index} *, const struct ${placeholder}_item${index} *);
};
typedef struct ${placeholder}_item${index} ${placeholder}_item${index}_t;
static struct ${placeholder}_item${index} ${placeholder}_items${index}[4];`,
  );
  const functions = Array.from(
    { length: 30 },
    (_, index) => `
static inline int ${placeholder}_clamp${index}(int value, int low, int high) {
  return value < low ? low : value > high ? high : value;
}
__attribute__((noinline)) int ${placeholder}_search${index}(${placeholder}_item${index}_t *head, int wanted, const char *label) {
  int found = 0;
  for (${placeholder}_item${index}_t *item = head; item; item = item->next) {
    int distance = item->number - wanted;
    if (distance < 0) {
      unsigned long weight = item->address ^ (unsigned long)label;
      distance = ${placeholder}_clamp${index}(-distance, 1, (int)(weight & 1023));
    }
    found += distance * (item->kind == ${placeholder}_second${index} ? 3 : 2);
    item->text[found & 15] = label[0];
  }
  return found;
}
int ${placeholder}_fill${index}(int count) {
  ${placeholder}_item${index}_t *last = 0;
  for (int place = 0; place < count; place++) {
    ${placeholder}_item${index}_t *item = &${placeholder}_items${index}[place & 3];
    item->number = place * ${index + 3};
    item->next = last;
    item->${placeholder}_value${index}.whole[place & 1] = place;
    last = item;
  }
  return ${placeholder}_search${index}(last, count, "${placeholder}");
}`,
  );
  return `${types.join('\n')}
${functions.join('\n')}
long ${placeholder}_chain(int depth, long (*next)(int, const void *)) {
  struct ${placeholder}_item0 local = { depth, 42, "a local", ${placeholder}_second0, 0, 1, 2, { 1.5 }, 0 };
  int numbers[8] = { 1, 2, 3 };
  long sum = 0;
  for (int index = 0; index < 8; index++) {
    const char *word = local.text;
    sum += numbers[index] * word[index];
  }
  ${placeholder}_items0[0] = local;
  sum += next(depth, (const void *)next);
  return sum + local.number;
}
`;
}
