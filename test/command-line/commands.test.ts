import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Folder, riscvFtrace } from './command';

describe('riscv-ftrace', () => {
  const folder = new Folder();
  after(() => folder.remove());

  it('lists the functions that can be traced', async () => {
    const result = await riscvFtrace(['list', 'samples/fib.s']);
    assert.deepEqual(result, { status: 0, stdout: Buffer.from('main\nfib\nprint_result\nwrite_out\n'), stderr: '' });
  });

  it('helps, and knows its version', async () => {
    const help = await riscvFtrace(['--help']);
    assert.equal(help.status, 0);
    for (const word of ['run', 'list', '-l', '-o', '-b', '--json', '--no-call-sites', '--version']) assert.ok(help.stdout.includes(word));
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.equal((await riscvFtrace(['--version'])).stdout.toString(), `riscv-ftrace ${version}\n`);
  });

  it('names what is wrong with the command or the program, with status 2 and nothing on standard output', async () => {
    const wrong: [words: string[], message: RegExp][] = [
      [[], /no command\nTry 'riscv-ftrace --help'/],
      [['trace'], /no such command: trace/],
      [['list'], /list: no PROGRAM/],
      [['list', '-a'], /list: unknown option '-a'/],
      [['list', 'one', 'two'], /list: one PROGRAM only, not also two/],
      [['list', 'no/such/program.s'], /no\/such\/program\.s/],
      [['run', 'no/such/program'], /no\/such\/program/],
      [['run', 'samples'], /samples/],
      [['run', folder.write('text', 'not a program')], /text: .*ELF/],
      [['run', folder.write('empty', '')], /empty is empty/],
      [['run', folder.write('cut', readFileSync(process.execPath).subarray(0, 100))], /cut/],
      [['run', process.execPath], /node is for .*, not RISC-V/],
      [['run', folder.write('wrong.s', '\n\tadd a0, a1\n\tnosuch a0\n')], /wrong\.s:2:\d+: .*\n(.*\n)*.*wrong\.s:3:2: .*nosuch/],
    ];
    for (const [words, message] of wrong) {
      const { status, stdout, stderr } = await riscvFtrace(words);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n {4}at /, 'a stack trace');
      assert.deepEqual([status, stdout.toString()], [2, ''], words.join(' '));
    }
  });
});
