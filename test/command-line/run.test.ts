import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ftraceRegsNames } from '../../ftrace/ftrace-regs';
import { Folder, firstOutput, outcome, riscvFtrace, spawnOn, start, traceLines } from './command';
import { chatter, copy, dyingBy, echo, forever } from './programs';

const fib = 'samples/fib.s';
const line = /^ {11}fib\.s-1 {7}\[000\] \.{5} {5}0\.0000\d\d: fib <-(main|fib)$/;

describe('riscv-ftrace run', () => {
  const folder = new Folder();
  after(() => folder.remove());

  it('prints what the program prints, then one line for each call', async () => {
    const { status, stdout, stderr } = await riscvFtrace(['run', '-l', 'fib', fib]);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    assert.ok(stdout.toString().startsWith('fib(10) = 55\n# tracer: function\n#\n# entries-in-buffer/entries-written: 177/177   #P:1\n'));
    const lines = traceLines(stdout);
    assert.equal(lines.length, 177);
    for (const each of lines) assert.match(each, line);
  });

  it('prints no trace where nothing is to be traced', async () => {
    assert.deepEqual(await riscvFtrace(['run', fib]), { status: 0, stdout: Buffer.from('fib(10) = 55\n'), stderr: '' });
  });

  it('says how the translator fared, on error output, where it is asked to', async () => {
    const loop = folder.write(
      'loop.s',
      '.globl _start\n_start: li t0, 100000\nagain: addi t0, t0, -1\n bnez t0, again\n li a7, 93\n li a0, 0\n ecall\n',
    );
    const { status, stderr } = await riscvFtrace(['run', '--stats', loop]);
    assert.equal(status, 0);
    assert.match(
      stderr,
      /^instructions +2000\d\d executed\nregions +1 of hot code, in \d+ bytes of WebAssembly, 0 of them at rest\nmade +1, .*\ndropped +none\n/,
    );
    assert.match(stderr, /\ninterpreter +\d+ calls, jumps and rounds of loops, too few for optimising it\n/);
    assert.match(stderr, /left for the interpreter +(none|.*\d+ (near the end of a slice|before an ecall))/);
  });

  it('writes the trace to a file where it is told to', async () => {
    const file = join(folder.path, 'trace');
    const { status, stdout } = await riscvFtrace(['run', '-l', '?ib', '-l', '*_out', '-o', file, fib]);
    assert.equal(status, 0);
    assert.equal(stdout.toString(), 'fib(10) = 55\n');
    assert.equal(traceLines(readFileSync(file)).length, 179);
  });

  it('prints an object for each call as JSON', async () => {
    const { stdout } = await riscvFtrace(['run', '--json', '-l', 'fib', fib]);
    const [output, ...lines] = stdout.toString().trimEnd().split('\n');
    assert.equal(output, 'fib(10) = 55');
    assert.equal(lines.length, 177);
    const hits = lines.map((each) => JSON.parse(each));
    assert.deepEqual(Object.keys(hits[0]), ['ip', 'parent_ip', 'timestamp', 'function', 'parent', 'ftrace_regs']);
    assert.deepEqual(Object.keys(hits[0].ftrace_regs), ftraceRegsNames);
    assert.equal(hits[0].ftrace_regs.a0, '0xa');
    assert.equal(hits[0].parent, 'main');
    for (const hit of hits) {
      assert.equal(BigInt(hit.ftrace_regs.epc), BigInt(hit.ip) + 8n);
      assert.equal(hit.ftrace_regs.ra, hit.parent_ip);
      assert.equal(hit.function, 'fib');
    }
    assert.ok(hits.every((hit, index) => index === 0 || hit.timestamp > hits[index - 1].timestamp));
  });

  it('says how many calls the buffer had no room for', async () => {
    const calls = '1: call f\n addi s0, s0, -1\n bnez s0, 1b\n';
    const text = `.globl _start\n_start: li s0, 1000\n${calls} li a0, 0\n li a7, 93\n ecall\n .type f, @function\nf: ret\n`;
    const { stdout, stderr } = await riscvFtrace(['run', '-b', '7', '-l', 'f', folder.write('loop.s', text)]);
    assert.equal(traceLines(stdout).length, 238);
    assert.match(stdout.toString(), /entries-in-buffer\/entries-written: 238\/1000 /);
    assert.equal(stderr, 'riscv-ftrace: the oldest 762 of 1000 calls gave way to newer ones; -b KB keeps more\n');
  });

  it('gives all after the program to the program, and its exit status back', async () => {
    const program = folder.write('echo.s', echo);
    const { status, stdout } = await riscvFtrace(['run', '--', program, '-l', 'two words', '--json', '']);
    assert.equal(stdout.toString(), '-l\ntwo words\n--json\n\n');
    assert.equal(status, 4);
  });

  it('passes bytes through unchanged, with the calls traced', async () => {
    const program = folder.write('copy.s', copy);
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
    const file = join(folder.path, 'copied');
    const { status, stdout } = await riscvFtrace(['run', '-l', 'copy_some', '-o', file, program], bytes);
    assert.equal(status, 3);
    assert.deepEqual(stdout, Buffer.from(bytes));
    assert.ok(traceLines(readFileSync(file)).length >= bytes.length / 7 + 1);
  });

  it('waits for input without spinning', async () => {
    const program = folder.write('wait.s', copy);
    const child = start(['run', program]);
    const ended = outcome(child);
    child.stdin.write('first');
    await firstOutput(child);
    // The engine is still compiled in the background for a while; a program that spins never comes to rest.
    let used = Number.POSITIVE_INFINITY;
    for (let looks = 0; used >= 10 && looks < 40; looks += 1) {
      const before = processorTime(child.pid!);
      await new Promise((resolve) => setTimeout(resolve, 500));
      used = processorTime(child.pid!) - before;
    }
    child.stdin.end('second');
    assert.ok(used < 10, `${used} hundredths of a second used while waiting`);
    const { status, stdout } = await ended;
    assert.equal(status, 3);
    assert.equal(stdout.toString(), 'firstsecond');
  });

  it('ends a program at a signal and still prints the trace', async () => {
    const program = folder.write('forever.s', forever);
    for (const [signal, status] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
      const child = start(['run', '-l', 'turn', program]);
      const ended = outcome(child);
      await firstOutput(child);
      child.kill(signal);
      const result = await ended;
      assert.equal(result.status, status);
      assert.equal(traceLines(result.stdout).length, 1);
    }
  });

  it('ends a program that waits for input at a signal', async () => {
    const child = start(['run', '-l', 'copy_some', folder.write('waiting.s', copy)]);
    const ended = outcome(child);
    child.stdin.write('x');
    await firstOutput(child);
    child.kill('SIGINT');
    const { status, stdout } = await ended;
    assert.equal(status, 130);
    assert.equal(traceLines(stdout).length, 2);
  });

  it('ends when nobody reads its output any more', async () => {
    const child = start(['run', folder.write('chatter.s', chatter)]);
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    let stderr = '';
    child.stderr.on('data', (bytes: Buffer) => {
      stderr += bytes;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    assert.equal(await ended, 141);
    assert.equal(stderr, '');
  });

  const deaths: [instruction: string, status: number, message: RegExp][] = [
    [
      'ld a0, 0(t0)',
      139,
      /^riscv-ftrace: dying\.s: load-access-fault at pc 0x[0-9a-f]+ \(crash\+0x[0-9a-f]+\), dying\.s:10: .* \(SIGSEGV\)\n$/,
    ],
    ['jr t0', 139, /instruction-access-fault at pc 0x0, reached from pc .*crash\+.*dying\.s:10: .* \(SIGSEGV\)\n$/],
    ['unimp', 132, /illegal-instruction at pc .*crash\+.*dying\.s:10.*\(SIGILL\)\n$/],
    ['ebreak', 133, /breakpoint at pc .*crash\+.*dying\.s:10.*\(SIGTRAP\)\n$/],
  ];
  for (const [instruction, expected, message] of deaths) {
    it(`says where a program dies by \`${instruction}\`, after the calls it made`, async () => {
      const program = folder.write('dying.s', dyingBy(instruction));
      const { status, stdout, stderr } = await riscvFtrace(['run', '-l', '*', program]);
      assert.match(stderr, message);
      assert.equal(status, expected);
      assert.deepEqual(
        traceLines(stdout).map((each) => each.slice(each.indexOf(': ') + 2)),
        ['main <-_start', 'crash <-main'],
      );
    });
  }

  it('says where a program dies in the trampoline, as one that recurses for ever may', async () => {
    const program = folder.write('deep.s', '.globl _start\n_start: call deep\n.type deep, @function\ndeep: addi sp, sp, -16\ncall deep\n');
    const { status, stderr } = await riscvFtrace(['run', '-l', 'deep', '-o', folder.write('deep.txt', ''), program]);
    assert.match(stderr, /store-access-fault at pc 0x[0-9a-f]+ \(ftrace_caller\+0x[0-9a-f]+\), args\.S:\d+: store of 8 bytes/);
    assert.equal(status, 139);
  });

  it('does not start a program with a function that there is not', async () => {
    const result = await riscvFtrace(['run', '-l', 'fub', '-l', 'nothing*', '-l', 'fib', '-l', '_start', fib]);
    assert.equal(result.status, 2);
    assert.equal(result.stdout.toString(), '');
    assert.equal(
      result.stderr,
      'riscv-ftrace: fib.s has no function fub: did you mean fib?\n' +
        'riscv-ftrace: fib.s has no function nothing*: it has 4 that can be traced\n' +
        'riscv-ftrace: _start cannot be traced: _start is not declared as a function: add `.type _start, @function`\n',
    );
  });

  it('has nothing to trace without call sites', async () => {
    assert.equal((await riscvFtrace(['run', '--no-call-sites', fib])).stdout.toString(), 'fib(10) = 55\n');
    const { status, stderr } = await riscvFtrace(['run', '--no-call-sites', '-l', 'fib', fib]);
    assert.equal(status, 2);
    assert.match(stderr, /^riscv-ftrace: fib cannot be traced: fib\.s was assembled without call sites/);
  });

  it('says that a disk is full, and ends', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const full = openSync('/dev/full', 'w');
    const child = spawnOn({ output: full }, ['run', '-l', 'fib', fib]);
    closeSync(full);
    const { status, stderr } = await outcome(child);
    assert.equal(stderr, 'riscv-ftrace: standard output cannot be written: no space left on device\n');
    assert.equal(status, 2);
    const { stderr: lost, status: own } = await riscvFtrace(['run', '-l', 'fib', '-o', '/dev/full', fib]);
    assert.equal(lost, 'riscv-ftrace: /dev/full cannot be written: no space left on device; the trace is lost\n');
    assert.equal(own, 0);
  });

  it('runs no device and no pipe', async () => {
    const { status, stderr } = await riscvFtrace(['run', '/dev/zero']);
    assert.deepEqual([status, stderr], [2, 'riscv-ftrace: /dev/zero: this is a device or pipe, not a program\n']);
  });

  it('names what is wrong with its options', async () => {
    const wrong: [words: string[], message: RegExp][] = [
      [['run'], /run: no PROGRAM/],
      [['run', '-l'], /run: .*--filter <value>' argument missing/],
      [['run', '--jsn', fib], /run: Unknown option '--jsn'/],
      [['run', '-b', '0', fib], /run: -b 0: a size from 1 to/],
      [['run', '-o', join(folder.path, 'no/such/folder'), '-l', 'fib', fib], /-o .*no\/such\/folder: no such file or directory/],
      [['run', '-o', folder.path, '-l', 'fib', fib], /-o .*: illegal operation on a directory/],
    ];
    for (const [words, message] of wrong) {
      const { status, stdout, stderr } = await riscvFtrace(words);
      assert.match(stderr, message);
      assert.deepEqual([status, stdout.toString()], [2, '']);
    }
  });
});

/** Processor time that a process has used, in hundredths of a second (proc(5), fields utime and stime). */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
