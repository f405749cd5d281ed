import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { assemble } from '../../program/assembler/assemble';
import { requireTools } from '../support/tools';
import { Folder, riscvFtrace } from './command';
import { copy, dyingBy, echo } from './programs';

/** Where a run of an ELF file without options differs in how it starts, it differs in nothing else. */
describe('riscv-ftrace run PROGRAM, an ELF file', () => {
  const folder = new Folder();
  after(() => folder.remove());

  const image = (text: string) => assemble([{ path: 'program.s', text }]).image!;
  const elf = (name: string, text: string) => folder.write(name, image(text));

  for (const [what, text, words, input] of [
    ['gives it standard input', copy, [], 'some input, then its end'],
    ['gives it its arguments, those too that look like options', echo, ['--stats', '-l', 'b'], ''],
    ['says where it dies', dyingBy('unimp'), [], ''],
  ] as const) {
    it(what, async () => {
      const program = elf(`program-${what.length}`, text);
      const plain = await riscvFtrace(['run', program, ...words], input);
      const other = await riscvFtrace(['run', '--memory', '256', program, ...words], input);
      assert.deepEqual(plain, other);
      assert.ok(plain.stdout.length + plain.stderr.length > 0);
    });
  }

  it('has nothing to say of debug information that lies beside it', async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    const source = folder.write('split.c', 'int main(void) { return 7; }\n');
    const program = `${folder.path}/split`;
    execFileSync('riscv64-linux-gnu-gcc', ['-g', '-gsplit-dwarf', '-static', '-o', program, source], { cwd: folder.path });
    const { status, stderr } = await riscvFtrace(['run', program]);
    assert.deepEqual([status, stderr], [7, '']);
    for (const file of readdirSync(folder.path).filter((name) => name.endsWith('.dwo'))) rmSync(`${folder.path}/${file}`);
    assert.match((await riscvFtrace(['run', program])).stderr, /\.dwo, which is not there or of another build\n$/);
  });

  it('says what is wrong with a file that is none', async () => {
    const cut = folder.write('cut', image(echo).subarray(0, 100));
    const text = folder.write('text', 'no program\n');
    for (const [path, message] of [
      [cut, /cut: /],
      [text, /not an ELF file: .*; a program is a .* ELF file/],
      [`${folder.path}/missing`, /there is no such file/],
      [folder.path, /this is a folder, not a program/],
    ] as const) {
      const { status, stdout, stderr } = await riscvFtrace(['run', path]);
      assert.deepEqual([status, stdout.length], [2, 0]);
      assert.match(stderr, message);
    }
  });
});
