import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ordinarySource } from '../../../bench/ordinary-source';
import { assemble } from '../../../program/assembler/assemble';
import { requireTools } from '../../support/tools';
import { assembled, gnuProgram, loadedText, loadedTextOfFile, scratchFolder } from './gnu';
import { readElfFile } from './read-elf';

const corpus = (name: string) => readFileSync(join(__dirname, 'corpus', name), 'utf8');
const sample = (name: string) => readFileSync(join(__dirname, '../../../samples', name), 'utf8');

/** A little of everything that compilers write. */
const cSource = `
extern long write(int, const void *, unsigned long);
struct item { char kind; short weight; int count; long total; struct item *next; };
static struct item items[4] = {{1, 2, 3, 4, &items[1]}, {5, 6, 7, 8, &items[2]}};
static const char *const names[] = {"one", "two", "three"};
int counter;
static long local_counter;
long common_array[8];
__attribute__((noinline)) long sum(struct item *first) {
  long result = 0;
  for (struct item *item = first; item; item = item->next) {
    switch (item->kind) {
      case 1: result += item->weight; break;
      case 2: result -= item->count; break;
      case 3: result *= item->total; break;
      case 4: result ^= 0x123456789abcdefL; break;
      case 5: result /= item->count | 1; break;
      default: result = ~result;
    }
  }
  return result;
}
int compare(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a - *b;
}
__attribute__((weak)) void hook(void) { counter++; }
unsigned hash(const unsigned char *data, unsigned long size) {
  unsigned value = 2166136261u;
  while (size--) value = (value ^ *data++) * 16777619u;
  return value;
}
long atomic_step(long *p) { return __atomic_fetch_add(p, 1, __ATOMIC_SEQ_CST); }
int main(void) {
  local_counter += sum(items) + compare(names[0], names[counter % 3]);
  common_array[counter & 7] = hash((const unsigned char *)items, sizeof items);
  hook();
  atomic_step(&local_counter);
  return (int)local_counter;
}
void _start(void) { main(); __asm__ volatile("li a7, 93\\n ecall"); }
`;

describe('the assembler beside GNU as and ld', () => {
  let folder: string;
  before(function () {
    requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld', 'riscv64-linux-gnu-objdump', 'riscv64-linux-gnu-readelf');
    folder = scratchFolder();
  });

  const same = (texts: readonly string[]) => {
    const image = assembled(texts);
    assert.equal(loadedText(image), loadedTextOfFile(gnuProgram(folder, texts, image)));
    return image;
  };

  const programs: Record<string, string[]> = {
    'every form of instruction': [corpus('instructions.s')],
    'branches near and far, and two sources': [corpus('branches.s'), corpus('branches-2.s')],
    'data, expressions and symbols': [corpus('data.s')],
    'macros and repetitions': [corpus('macros.s')],
    conditionals: [corpus('conditionals.s')],
    'instructions by their formats': [corpus('insn.s')],
    subsections: [corpus('subsections.s')],
    'macros in the alternate mode': [corpus('alternate-macros.s')],
    'floating-point numbers and wide data': [corpus('reals.s')],
    'thread-local symbols': [corpus('thread-local.s')],
    'code without linker relaxation': [corpus('norelax.s')],
    'tables of frames': [corpus('frames.s')],
    'data at odd places and expressions': [corpus('odd-places.s')],
    'macros, pseudo-instructions and far symbols': [corpus('pseudo-instructions.s')],
    'the table of addresses, common blocks and subsections': [corpus('tables.s')],
    'relocations by their names': [corpus('relocations.s')],
    'fib.s': [sample('fib.s')],
    'sort.s': [sample('sort.s')],
  };
  for (const [name, texts] of Object.entries(programs)) {
    it(`gives the same bytes: ${name}`, () => {
      same(texts);
    });
  }

  it('gives the same bytes: a .S, as after the preprocessor of GCC', function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    const path = join(__dirname, 'corpus/preprocessor.S');
    const { image, diagnostics } = assemble([{ path, text: readFileSync(path, 'utf8') }]);
    assert.deepEqual(diagnostics, []);
    const preprocessed = execFileSync('riscv64-linux-gnu-gcc', ['-E', '-P', '-march=rv64gc', '-mabi=lp64d', path], { encoding: 'utf8' });
    assert.equal(loadedText(image!), loadedTextOfFile(gnuProgram(folder, [preprocessed], image!)));
  });

  it('gives the same bytes: ordinary code, which is read without tokens, and the same with tokens', () => {
    const text = ordinarySource(6000, 7);
    const image = same([text]);
    assert.deepEqual(assembled([text.replaceAll(/$/gm, ' ;')]), image);
  });

  it('keeps what .ident says in .comment, as GNU ld does', () => {
    const texts = ['.globl _start\n_start: ret\n.ident "one"\n.ident "two"\n.variant_cc _start', '.ident "two"\n.ident "three"'];
    const image = assembled(texts);
    const comment = (bytes: Uint8Array) => {
      const section = readElfFile(bytes).sections.find(({ name }) => name === '.comment')!;
      return { flags: section.flags, text: Buffer.from(section.bytes).toString('latin1') };
    };
    assert.deepEqual(comment(image), comment(readFileSync(gnuProgram(folder, texts, image))));
  });

  it('merges strings and constants of two sources as GNU ld does', () => {
    const strings = (...texts: string[]) => texts.map((text, index) => `.balign 8\nlabel${index}: .string "${text}"`).join('\n');
    const short = '.section .rodata.str1.1,"aMS",@progbits,1\n';
    const aligned = '.section .rodata.str1.8,"aMS",@progbits,1\n';
    const wide = '.section .rodata.str4.4,"aMS",@progbits,4\n.string32 "wide", "ide", "", "wide"\nlast: .string32 "de"\n';
    const numbers = (...values: number[]) =>
      `.section .srodata.cst8,"aM",@progbits,8\n.balign 8\n${values.map((value) => `.dword ${value}`).join('\n')}`;
    const table = '.data\n.dword label0, label1, label2, label3 + 2, s0, s1 + 1\n';
    same([
      `.globl _start\n_start: la a0, label1\n${short}s0: .string "end"\ns1: .asciz "the end", "", "é"\n${aligned}${strings('one', 'someone', '', 'gone')}\n${wide}${numbers(1, 2, 1)}\n${table}`,
      `${short}s0: .string "the end"\ns1: .asciz "end"\n${aligned}${strings('gone', 'a long string that ends in one', 'one', 'someone')}\n${wide}${numbers(2, 3)}\n${table}.dword last`,
    ]);
  });

  it('chooses the same lengths for branches at every distance around their limits', () => {
    const lines = ['.text', '.globl _start', '_start:'];
    let label = 0;
    for (const around of [254, 2046, 4094]) {
      for (let gap = around - 6; gap <= around + 4; gap += 2) {
        for (const instruction of ['beqz a0,', 'bnez t0,', 'blt a0, a1,', 'j']) {
          lines.push(`from${label}: ${instruction} to${label}`, `.skip ${gap}`, `to${label}: nop`, `${instruction} from${label}`);
          label++;
        }
      }
    }
    same([lines.join('\n')]);
  });

  it('loads every kind of constant with the same instructions', () => {
    const values = new Set<bigint>();
    for (let bit = 0n; bit < 64n; bit++) {
      for (const near of [-2049n, -2048n, -1n, 0n, 1n, 2047n, 2048n]) {
        values.add(BigInt.asIntN(64, (1n << bit) + near));
        values.add(BigInt.asIntN(64, -(1n << bit) + near));
      }
    }
    let random = 88172645463325252n;
    for (let count = 0; count < 2000; count++) {
      random = BigInt.asUintN(64, random ^ (random << 13n));
      random ^= random >> 7n;
      random = BigInt.asUintN(64, random ^ (random << 17n));
      values.add(BigInt.asIntN(64, random) >> (random % 64n));
    }
    same([
      `.text\n.globl _start\n_start:\n${[...values].map((value) => `li a0, ${value}\nli t3, 0x${BigInt.asUintN(64, value).toString(16)}`).join('\n')}`,
    ]);
  });

  it('gives the disassembly of GNU as', () => {
    const texts = [corpus('instructions.s')];
    const image = assembled(texts);
    const ours = join(folder, 'ours.elf');
    writeFileSync(ours, image);
    const listing = (path: string) =>
      execFileSync('riscv64-linux-gnu-objdump', ['-d', path], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => /^\s+[\da-f]+:/.test(line))
        .join('\n');
    assert.equal(listing(ours), listing(gnuProgram(folder, texts, image)));
  });

  it('is accepted by readelf without a warning', () => {
    const path = join(folder, 'accepted.elf');
    for (const [texts, callSites] of [
      [[corpus('data.s')], true],
      [[sample('fib.s')], true],
      [[''], false],
    ] as const) {
      writeFileSync(path, assembled(texts, callSites));
      const command = `riscv64-linux-gnu-readelf --all --wide --debug-dump=info,abbrev,rawline,decodedline,frames,Ranges ${path} 2>&1 >/dev/null`;
      assert.equal(execFileSync('sh', ['-c', command], { encoding: 'utf8' }), '');
    }
  });

  const compilers: [string, string[]][] = [
    ['riscv64-linux-gnu-gcc', []],
    ['clang-19', ['--target=riscv64-linux-gnu', '-fno-addrsig']],
  ];
  for (const [compiler, flags] of compilers) {
    for (const options of [
      ['-O0', '-g'],
      ['-O1', '-fno-pic', '-fasynchronous-unwind-tables'],
      ['-O3', '-fno-pic'],
      ['-O2', '-fno-pic'],
      ['-Os', '-fno-pic', '-fno-asynchronous-unwind-tables'],
      ['-O2', '-fno-pic', '-ffunction-sections', '-fdata-sections'],
    ]) {
      it(`gives the same bytes: the output of ${compiler} ${options.join(' ')}`, function () {
        requireTools(this, compiler);
        const source = join(folder, 'compiled.c');
        const output = join(folder, 'compiled.s');
        writeFileSync(source, cSource);
        execFileSync(compiler, [...flags, '-march=rv64gc', '-mabi=lp64d', '-ffreestanding', ...options, '-S', '-o', output, source], {
          stdio: 'pipe',
        });
        // GNU as 2.40 does not know all the names of extensions that clang writes.
        same([readFileSync(output, 'utf8').replace(/^\s*\.attribute\s+5,.*$/m, '')]);
      });
    }
  }
});
