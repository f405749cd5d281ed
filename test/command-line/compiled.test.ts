import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { requireTools } from '../support/tools';
import { Folder, type Outcome, riscvFtrace, traceLines } from './command';

const [first, second] = [2, 3];

/** Ackermann's function: its count of calls is known from itself. */
const source = `
static void call(long number, long a0, const void *a1, long a2) {
  register long r0 __asm__("a0") = a0;
  register const void *r1 __asm__("a1") = a1;
  register long r2 __asm__("a2") = a2, r7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r7) : "memory");
}
static long calls;
__attribute__((noinline)) long ackermann(long m, long n) {
  calls++;
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}
__attribute__((noreturn)) void _start(void) {
  long result = ackermann(${first}, ${second});
  call(64, 1, "done\\n", 5);
  call(93, calls * 4 + result % 4, 0, 0);
  for (;;) {}
}
`;
const flags = ['-march=rv64imac', '-mabi=lp64', '-g', '-O1', '-static', '-nostdlib', '-ffreestanding', '-fno-optimize-sibling-calls'];
const patchable = ['-fpatchable-function-entry=4', '-falign-functions=8'];

describe('riscv-ftrace with a freestanding C program', () => {
  const folder = new Folder();
  after(() => folder.remove());
  const { calls, result } = ackermann(first, second);

  function check({ status, stdout, stderr }: Outcome): void {
    assert.equal(stderr, '');
    assert.equal(status, (calls * 4 + (result % 4)) & 0xff);
    const lines = traceLines(stdout);
    assert.ok(stdout.toString().startsWith('done\n'));
    assert.equal(lines.length, calls);
    assert.match(lines[0]!, /ackermann <-_start$/);
    for (const line of lines.slice(1)) assert.match(line, /ackermann <-ackermann$/);
  }

  it('traces its ELF file made by clang', async function () {
    requireTools(this, 'clang-19', 'ld.lld-19');
    const program = `${folder.path}/clang`;
    const target = ['--target=riscv64-unknown-elf', '-fuse-ld=lld-19'];
    execFileSync('clang-19', [...target, ...flags, ...patchable, '-o', program, folder.write('clang.c', source)]);
    check(await riscvFtrace(['run', '-l', 'ackermann', program]));
  });

  it('traces its ELF file made by gcc', async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    const program = `${folder.path}/gcc`;
    execFileSync('riscv64-linux-gnu-gcc', [...flags, ...patchable, '-Wl,--no-relax', '-o', program, folder.write('gcc.c', source)]);
    check(await riscvFtrace(['run', '-l', 'acker*', program]));
  });

  it('traces functions that compressed code has left 2 bytes past a multiple of 4', async function () {
    requireTools(this, 'clang-19', 'ld.lld-19');
    const program = `${folder.path}/unaligned`;
    const target = ['--target=riscv64-unknown-elf', '-fuse-ld=lld-19', '-fpatchable-function-entry=4'];
    const traces: string[] = [];
    for (const nops of ['c.nop', 'c.nop; c.nop']) {
      const lead = `__attribute__((naked, used, patchable_function_entry(0, 0))) static void lead(void) { __asm__("${nops}"); }\n`;
      execFileSync('clang-19', [...target, ...flags, '-o', program, folder.write('unaligned.c', lead + source)]);
      check(await riscvFtrace(['run', '-l', 'ackermann', program]));
      traces.push((await riscvFtrace(['run', '--json', '-l', 'ackermann', program])).stdout.toString());
    }
    assert.ok(
      traces.some((text) => /"ip":"0x[0-9a-f]+[26ae]"/.test(text)),
      'no function is unaligned here',
    );
  });

  it('says what to compile with where there are no call sites', async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    const program = `${folder.path}/plain`;
    execFileSync('riscv64-linux-gnu-gcc', [...flags, '-o', program, folder.write('plain.c', source)]);
    const { status, stderr } = await riscvFtrace(['run', '-l', 'ackermann', program]);
    assert.equal(status, 2);
    assert.match(stderr, /ackermann cannot be traced: .*-fpatchable-function-entry=4/);
  });

  it('compiles and traces its source', async function () {
    requireTools(this, 'clang-19', 'ld.lld-19');
    check(await riscvFtrace(['run', '-l', 'ackermann', folder.write('source.c', source)]));
  });

  it('names the place of an error in the source', async function () {
    requireTools(this, 'clang-19', 'ld.lld-19');
    const path = folder.write('wrong.c', 'int main(void) {\n  return nosuch;\n}\n');
    const { status, stdout, stderr } = await riscvFtrace(['run', path]);
    assert.deepEqual([status, stdout.toString()], [2, '']);
    assert.match(stderr, /wrong\.c:2:10: error: .*nosuch/);
  });
});

function ackermann(m: number, n: number): { result: number; calls: number } {
  let calls = 0;
  const call = (m: number, n: number): number => {
    calls++;
    if (m === 0) return n + 1;
    return call(m - 1, n === 0 ? 1 : call(m, n - 1));
  };
  return { result: call(m, n), calls };
}
