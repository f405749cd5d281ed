import { strict as assert } from 'node:assert';
import type { TextEdit } from 'vscode-languageserver';
import { completion, resolveCompletion } from '../../language-server/features/completion';
import { signatureHelp } from '../../language-server/features/signature-help';
import { fixture } from './fixture';

function items(sources: string | Record<string, string>) {
  const { workspace, document, cursor } = fixture(sources);
  return completion(workspace, document, cursor).items;
}

const labels = (sources: string | Record<string, string>) => items(sources).map(({ label }) => label);

describe('language server: completion', () => {
  const cases: [name: string, sources: string | Record<string, string>, has: string[], hasNot: string[]][] = [
    ['mnemonics where a statement begins', '\tad‸', ['add', 'addi', 'fadd.d', 'call', 'li'], ['a0', 'mstatus']],
    ['mnemonics behind a label', 'f: ‸', ['add', 'ret'], ['a0']],
    ['mnemonics behind a semicolon', '\tnop; ad‸', ['add'], ['a0']],
    ['macros of the sources', '.macro push r\n.endm\n\tpu‸', ['push', 'add'], []],
    ['directives', '\t.se‸', ['.section', '.set', '.word'], ['add']],
    ['registers', '\tadd ‸', ['zero', 'ra', 'a0', 't6'], ['fa0', 'mstatus', 'x10']],
    ['registers in the second operand', '\tadd a0, ‸', ['a0', 'sp'], ['fa0']],
    ['floating-point registers', '\tfadd.d fa0, ‸', ['fa0', 'ft0', 'fs11'], ['a0']],
    ['rounding modes', '\tfadd.d fa0, fa1, fa2, ‸', ['rne', 'rtz', 'dyn'], ['a0']],
    ['registers of compressed instructions', '\tc.sub ‸', ['s0', 'a5'], ['a6', 't0', 'sp']],
    ['CSRs', '\tcsrr a0, ‸', ['mstatus', 'cycle', 'fcsr'], ['a0']],
    ['labels for a branch', 'loop: nop\n.equ N, 3\n\tbeqz a0, ‸', ['loop'], ['a1']],
    ['labels for a call', '.globl f\nf: ret\n\tcall ‸', ['f'], ['mstatus']],
    ['global names of other sources', { 'main.s': '\tcall ‸', 'b.s': '.globl print\nprint: ret\nlocal: ret' }, ['print'], ['local']],
    ['constants for an immediate', '.equ N, 3\nf: addi a0, a0, ‸', ['N', '%lo'], ['f', 'a0']],
    ['the upper part of a relocation', '\tlui a0, ‸', ['%hi', '%pcrel_hi'], ['%lo', 'a0']],
    ['relocations behind a percent sign', '\taddi a0, a0, %‸', ['%lo', '%pcrel_lo'], ['a0']],
    ['addresses', '\tld a0, ‸', ['0(sp)', '%lo'], ['mstatus']],
    ['the base of an address', '\tld a0, 8(‸', ['sp', 'a0'], ['%lo']],
    ['the sets of a fence', '\tfence ‸', ['rw', 'iorw'], ['a0']],
    ['types of symbols', '.type f, ‸', ['@function', '@object'], ['a0']],
    ['options', '.option ‸', ['rvc', 'push', 'arch'], ['a0']],
    ['sections', '.section ‸', ['.rodata', '.text'], ['a0']],
    ['registers of unwind directives', '.cfi_offset ‸', ['ra', 'fs0'], ['mstatus']],
    ['symbols for data', 'f: ret\n.dword ‸', ['f'], ['a0']],
    ['parameters in a macro', '.macro push reg, offset\n\tsd \\‸', ['reg', 'offset'], ['a0']],
    ['directives of the preprocessor', { 'main.S': '#de‸' }, ['#define', '#include'], ['add']],
  ];
  for (const [name, sources, has, hasNot] of cases) {
    it(name, () => {
      const found = labels(sources);
      for (const label of has) assert.ok(found.includes(label), `${label} is missing`);
      for (const label of hasNot) assert.ok(!found.includes(label), `${label} should not be there`);
      assert.equal(new Set(found).size, found.length, 'nothing twice');
    });
  }

  it('nothing in comments', () => {
    assert.deepEqual(labels('# ad‸'), []);
    assert.deepEqual(labels('/* ad‸ */'), []);
  });

  it('operands as holes of a snippet', () => {
    const edit = items('\tadd‸').find(({ label }) => label === 'addi')!.textEdit as TextEdit;
    assert.equal(edit.newText, 'addi ${1:rd}, ${2:rs1}, ${3:immediate}');
    assert.deepEqual(edit.range, { start: { line: 0, character: 1 }, end: { line: 0, character: 4 } });
  });

  it('the name of a directive once, with its dot', () => {
    const edit = items('\t.sec‸').find(({ label }) => label === '.section')!.textEdit as TextEdit;
    assert.deepEqual(edit.range, { start: { line: 0, character: 1 }, end: { line: 0, character: 5 } });
  });

  it('the fields of a CSR once it is looked at', () => {
    const item = items('\tcsrr a0, mst‸').find(({ label }) => label === 'mstatus')!;
    assert.match((resolveCompletion(item).documentation as { value: string }).value, /MPP/);
  });
});

describe('language server: signature help', () => {
  function shown(source: string): string | undefined {
    const { workspace, document, cursor } = fixture(source);
    const help = signatureHelp(workspace, document, cursor);
    const signature = help?.signatures[help.activeSignature ?? 0];
    const parameter = signature?.parameters?.[help?.activeParameter ?? 0]?.label as [number, number] | undefined;
    return signature && `${signature.label} @ ${parameter ? signature.label.slice(...parameter) : ''}`;
  }

  const cases: [source: string, expected: string | undefined][] = [
    ['\taddi ‸', 'addi rd, rs1, immediate @ rd'],
    ['\taddi a0, ‸', 'addi rd, rs1, immediate @ rs1'],
    ['\taddi a0, a1, ‸', 'addi rd, rs1, immediate @ immediate'],
    ['\tsd ra, 8(‸', 'sd rs2, offset(rs1) @ offset(rs1)'],
    ['\tfmadd.d fa0, fa1, fa2, ‸', 'fmadd.d rd, rs1, rs2, rs3 @ rs3'],
    ['.macro push reg, offset=8\n.endm\n\tpush ra, ‸', 'push reg, offset @ offset'],
    ['\tadd‸', undefined],
    ['\tnop # a, ‸', undefined],
  ];
  for (const [source, expected] of cases) {
    it(source.split('\n').at(-1)!.trim(), () => {
      const found = shown(source);
      if (expected === undefined) assert.equal(found, undefined);
      else assert.ok(found?.startsWith(expected.split(' @ ')[0]!) && found.endsWith(expected.split(' @ ')[1]!), found);
    });
  }
});
