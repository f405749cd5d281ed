import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';
import { requireTools } from '../../support/tools';
import { assembled, scratchFolder } from './gnu';
import { readElfFile } from './read-elf';

const hello = `
        .section .rodata
text:   .ascii  "hello\\n"
        .equ    length, . - text
        .text
        .globl  _start
        .type   _start, @function
_start: li      a0, 1
        la      a1, text
        li      a2, length
        li      a7, 64
        ecall
        li      a0, 42
        call    leave
`;
const leave = `
        .globl  leave
        .type   leave, @function
leave:  li      a7, 93
        ecall
`;

const section = (image: Uint8Array, name: string) => readElfFile(image).sections.find((each) => each.name === name)!;
const address = (image: Uint8Array, name: string) => readElfFile(image).symbols.find((each) => each.name === name)!.value;
const words = (image: Uint8Array, at: bigint, count: number) => {
  const text = section(image, '.text');
  const view = new DataView(text.bytes.buffer, text.bytes.byteOffset + Number(at - text.address));
  return Array.from({ length: count }, (_, index) => view.getUint32(4 * index, true));
};
const entries = (image: Uint8Array) => {
  const { bytes } = section(image, '__patchable_function_entries');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, index) => view.getBigUint64(8 * index, true));
};
const nop = 0x13;

describe('programs of the assembler', () => {
  it('run, with and without call sites, from two sources', function () {
    requireTools(this, 'qemu-riscv64');
    const path = join(scratchFolder(), 'hello.elf');
    for (const callSites of [false, true]) {
      const sources = [hello, leave].map((text, index) => ({ path: `/${index}.s`, text }));
      const { image, diagnostics } = assemble(sources, { callSites });
      assert.deepEqual(diagnostics, []);
      writeFileSync(path, image!, { mode: 0o755 });
      const { status, stdout } = spawnSync('qemu-riscv64', [path], { encoding: 'utf8' });
      assert.deepEqual({ status, stdout }, { status: 42, stdout: 'hello\n' });
    }
  });

  it('have the first byte of .text at the address asked for, and each segment on pages of its own', () => {
    const { image } = assemble([{ path: '/a.s', text: `${hello}${leave}.data\n.word 1\n.bss\n.zero 9\n` }], { textAddress: 0x123456000n });
    const { segments } = readProgram(image!, 'a');
    assert.deepEqual(
      segments.map(({ address: start, size, permissions: { read, write, execute } }) => [start, size, read, write, execute]),
      [
        [0x123456000n, 40n, true, false, true],
        [0x123457000n, 6n, true, false, false],
        [0x123458000n, 13n, true, true, false],
      ],
    );
  });

  it('find what GNU ld defines', () => {
    const names = ['__global_pointer$', '_end', '__bss_start', '_edata', 'etext'];
    const text = `.globl _start\n_start: nop\n.data\n${names.map((name) => `.dword ${name}`).join('\n')}\n.bss\n.zero 5\n`;
    const { bytes } = section(assembled([text]), '.data');
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    assert.deepEqual(
      names.map((_, index) => view.getBigUint64(8 * index, true)),
      [0x11800n, 0x11030n, 0x11028n, 0x11028n, 0x10002n],
    );
  });

  it('keep the symbol table of ELF: types, sizes, bindings, no temporary labels', () => {
    const image = assembled([
      '.globl f\n.type f, @function\nf: nop\n1: .Lhere: here: ret\n.size f, .-f\n.weak w\nw: .data\n.type o, @object\n.size o, 8\no: .dword 1\n.set g, f\n.equ five, 5\n',
    ]);
    const rows = readElfFile(image).symbols.filter(({ name }) => name && !name.startsWith('$'));
    assert.deepEqual(
      rows.map(({ name, value, size, type, binding }) => [name, value, size, type, binding]),
      [
        ['source0.s', 0n, 0n, 4, 0],
        ['here', 0x10002n, 0n, 0, 0],
        ['o', 0x11000n, 8n, 1, 0],
        ['g', 0x10000n, 4n, 2, 0],
        ['five', 5n, 0n, 0, 0],
        ['f', 0x10000n, 4n, 2, 1],
        ['w', 0x10004n, 0n, 0, 2],
      ],
    );
  });
});

describe('call sites of the assembler', () => {
  it('are two nops at each function, aligned and listed', () => {
    const image = assembled(
      ['_start: .globl _start\nc.nop\n.type f, @function\nf: ret\n.type g, @function\ng: c.nop\nret\ndata: ret'],
      true,
    );
    const [f, g, data] = [address(image, 'f'), address(image, 'g'), address(image, 'data')];
    assert.deepEqual([f, g], [0x10008n, 0x10018n]);
    assert.deepEqual(words(image, f, 2), [nop, nop]);
    assert.deepEqual(words(image, g, 2), [nop, nop]);
    assert.equal(data, g + 12n);
    assert.deepEqual(entries(image), [f, g]);
    const { flags } = section(image, '__patchable_function_entries');
    assert.equal(flags, 3n);
  });

  it('come also where .type follows the label, and are counted in the size', () => {
    const image = assembled(['f: ret\n.size f, .-f\n.type f, %function\n.globl _start\n_start: nop'], true);
    assert.deepEqual(entries(image), [address(image, 'f')]);
    assert.equal(readElfFile(image).symbols.find(({ name }) => name === 'f')!.size, 10n);
  });

  it('are shared by functions at one place, and other labels there come after them', () => {
    const image = assembled(['.type a, @function\n.type b, @function\n.type c, @function\na: b: loop: c: .Lx: j loop\nj .Lx\nj a'], true);
    const [a, b, c, loop] = ['a', 'b', 'c', 'loop'].map((name) => address(image, name));
    assert.deepEqual([a, b, c, loop], [0x10000n, 0x10000n, 0x10000n, 0x10008n]);
    assert.deepEqual(entries(image), [a]);
  });

  it('come to functions that a macro makes, with the line of its call', () => {
    const text =
      '.macro function name\n.type \\name, @function\n\\name:\n.endm\n.globl _start\n_start: nop\nfunction f\nret\nfunction g\nret';
    const image = assembled([text], true);
    assert.deepEqual(entries(image), [address(image, 'f'), address(image, 'g')]);
    const program = readProgram(image, 'a');
    assert.deepEqual(
      entries(image).map((at) => program.lines.at(at)!.row.line),
      [7, 9],
    );
  });

  it('come to functions that a macro of the C preprocessor makes', () => {
    const text = '#define FUNCTION(name) .type name, @function; name\n.globl _start\n_start: nop\nFUNCTION(f): ret\nFUNCTION(g): ret\n';
    const image = assemble([{ path: '/a.S', text }], { callSites: true }).image!;
    assert.deepEqual(entries(image), [address(image, 'f'), address(image, 'g')]);
  });

  it('are left to the compiler where it has placed them', () => {
    const text = '.type f, @function\nf: nop\nnop\nret\n.section __patchable_function_entries, "awo", @progbits, f\n.dword f\n';
    const image = assembled([text], true);
    assert.deepEqual(entries(image), [0x10000n]);
    assert.equal(section(image, '.text').size, 6n);
  });

  it('are not there without the option, nor for objects and other labels', () => {
    const text = '.type f, @function\nf: ret\n.type o, @object\no: ret\n';
    assert.equal(section(assembled([text]), '__patchable_function_entries'), undefined);
    assert.equal(entries(assembled([text], true)).length, 1);
  });

  it('are what the rest of the debugger finds', () => {
    const text = readFileSync(join(__dirname, '../../../samples/fib.s'), 'utf8');
    const { image } = assemble([{ path: '/fib.s', text }], { callSites: true });
    const program = readProgram(image!, 'fib');
    assert.deepEqual(program.callSites.map(({ name }) => name).sort(), ['fib', 'main', 'print_result', 'write_out']);
  });
});

describe('lines of the assembler', () => {
  const text =
    '# first\n        .text\n        .globl _start\n_start: nop\n        nop; nop\n\n        .type f, @function\nf:\n        li a0, 0x123456789\n        ret\n        .section .text.more, "ax"\nmore:   ecall\n';
  /** The line of the code at each offset from the start of .text. */
  const lines = (callSites: boolean, ...offsets: number[]) => {
    const { image } = assemble([{ path: '/folder/lines.s', text }], { callSites });
    const program = readProgram(image!, 'lines');
    assert.deepEqual(program.lines.paths, ['/folder/lines.s']);
    return offsets.map((offset) => program.lines.at(0x10000n + BigInt(offset))?.row.line);
  };

  it('give each instruction its line', () => {
    assert.deepEqual(lines(false, 0, 2, 4, 6, 18, 20, 22), [4, 5, 5, 9, 9, 10, 12]);
  });

  it('give a call site the line of the label, and what follows that of the first instruction', () => {
    assert.deepEqual(lines(true, 0, 2, 8, 12, 16, 28, 30, 36), [4, 5, 8, 8, 9, 9, 10, 12]);
  });

  it('are those of GNU as in macros and repetitions: the outermost call', function () {
    requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld', 'riscv64-linux-gnu-objdump');
    const folder = scratchFolder();
    const rows = (path: string) =>
      execFileSync('riscv64-linux-gnu-objdump', ['--dwarf=decodedline', path], { encoding: 'utf8' })
        .split('\n')
        .flatMap((line) => line.match(/ (\d+ +0x[\da-f]+)/)?.[1]?.replace(/ +/, ' ') ?? []);
    const path = join(__dirname, 'corpus/macros.s');
    const [ours, object, theirs] = ['ours.elf', 'gnu.o', 'gnu.elf'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(ours, assemble([{ path, text: readFileSync(path, 'utf8') }]).image!);
    execFileSync('riscv64-linux-gnu-as', ['-g', '-march=rv64imac_zicsr_zifencei', '-mabi=lp64', '-o', object, path]);
    execFileSync('riscv64-linux-gnu-ld', ['--no-relax', '-Ttext=0x10000', '-o', theirs, object]);
    assert.ok(rows(ours).length > 15);
    assert.deepEqual(rows(ours), rows(theirs));
  });

  it('are those of .loc where a compiler wrote it', () => {
    const compiled = '.file 1 "/src" "x.c"\n.globl _start\n_start:\n.loc 1 10 3\nnop\nnop\n.loc 1 12 5 prologue_end\nret\n';
    const program = readProgram(assemble([{ path: '/x.s', text: compiled }]).image!, 'x');
    const rows = [0x10000n, 0x10002n, 0x10004n].map((at) => program.lines.at(at)!.row);
    assert.deepEqual(
      rows.map(({ path, line, column, prologueEnd }) => [path, line, column, prologueEnd]),
      [
        ['/src/x.c', 10, 3, false],
        ['/src/x.c', 10, 3, false],
        ['/src/x.c', 12, 5, true],
      ],
    );
  });

  it('are what gdb shows', function () {
    requireTools(this, 'gdb-multiarch');
    const folder = scratchFolder();
    const source = join(folder, 'lines.s');
    writeFileSync(source, text);
    const path = join(folder, 'lines.elf');
    writeFileSync(path, assemble([{ path: source, text }], { callSites: true }).image!);
    const commands = ['info line f', 'info line *0x10010', 'info line *0x10024', 'list 9,9', 'info scope f', 'info source'];
    const shown = execFileSync('gdb-multiarch', ['-nx', '-batch', ...commands.flatMap((command) => ['-ex', command]), path], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    assert.match(shown, /Line 8 of ".*lines\.s" starts at address 0x10008 <f> and ends at 0x10010 <f\+8>/);
    assert.match(shown, /Line 9 of ".*lines\.s" starts at address 0x10010 <f\+8>/);
    assert.match(shown, /Line 12 of ".*lines\.s" starts at address 0x10024/);
    assert.match(shown, /9\s+li a0, 0x123456789/);
  });

  it('let gdb find the caller by .cfi directives', function () {
    requireTools(this, 'gdb-multiarch', 'riscv64-linux-gnu-readelf');
    const cfi =
      '.globl _start\n_start:\n.cfi_startproc\naddi sp, sp, -32\n.cfi_def_cfa_offset 32\nsd ra, 24(sp)\n.cfi_offset ra, -8\nnop\n.cfi_restore ra\n.cfi_def_cfa sp, 0\nret\n.cfi_endproc\n';
    const path = join(scratchFolder(), 'cfi.elf');
    writeFileSync(path, assembled([cfi]));
    const shown = execFileSync('riscv64-linux-gnu-readelf', ['--debug-dump=frames-interp', path], { encoding: 'utf8', stdio: 'pipe' });
    assert.match(shown, /LOC +CFA +ra +\n0+10000 sp\+0 +u +\n0+10002 sp\+32 +u +\n0+10004 sp\+32 +c-8 +\n0+10006 sp\+0 +(u|s) /);
  });
});
