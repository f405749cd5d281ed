import { strict as assert } from 'node:assert';
import { checkDocument } from '../../language-server/diagnostics/check-document';
import { diagnosticsOf, keepProblems } from '../../language-server/diagnostics/diagnostics';
import { codeActions } from '../../language-server/features/code-actions';
import { inlayHints } from '../../language-server/features/inlay-hints';
import { defaultSettings, readSettings } from '../../language-server/settings';
import { lineCode } from '../../language-server/workspace/line-code';
import { type Isa, parseIsa, wholeIsa } from '../../riscv/isa-string';
import { edited, fixture } from './fixture';

function problems(sources: string | Record<string, string>, isa: Isa = wholeIsa) {
  const made = fixture(sources);
  const found = diagnosticsOf(made.workspace, made.document, { isa, settings: defaultSettings, documentation: 'file:///docs' });
  return { ...made, found };
}

/** What the fix of that title makes of the text. */
function fixed(source: string, title: RegExp, isa: Isa = wholeIsa): string {
  const { document, found, cursor } = problems(source, isa);
  const range = found[0]?.range ?? { start: cursor, end: cursor };
  const action = codeActions(document, range, found).find((each) => title.test(each.title));
  assert.ok(action, `no fix like ${title} for ${found.map(({ message }) => JSON.stringify(message))}`);
  return edited(document, action.edit!.changes![document.uri]!);
}

describe('language server: diagnostics', () => {
  it('are those of the assembler, at their places', () => {
    const { found } = problems('_start:\n\taddd a0, a1, a2\n\taddi a0, a1, 5000\n\t.wrod 1');
    assert.deepEqual(
      found.map(({ range, severity }) => [range.start.line, range.start.character, range.end.character, severity]),
      [
        [1, 1, 5, 1],
        [2, 14, 18, 1],
        [3, 1, 6, 1],
      ],
    );
  });

  it('take a symbol of another source for defined, and one of nowhere for an open end', () => {
    const { found } = problems({ 'main.s': 'f: call print\n\tcall nowhere\n\tj f', 'lib.s': '.globl print\nprint: ret' });
    assert.deepEqual(
      found.map(({ message, severity }) => [message, severity]),
      [["undefined symbol 'nowhere'", 3]],
    );
  });

  it('are those of an included source where it is included', () => {
    const sources = { 'part.inc': '\tli a0, SIZE\n\taddd a0, a0, a0', 'main.s': '.equ SIZE, 4\n_start:\n.include "part.inc"' };
    assert.deepEqual(
      problems(sources).found.map(({ range }) => range.start.line),
      [1],
    );
  });

  it('of a check have its code and its page', () => {
    const { found } = problems('.globl f\n.type f, @function\nf: li s1, 1\n\tret');
    assert.deepEqual(
      [found[0]?.code, found[0]?.codeDescription?.href],
      ['callee-saved-not-restored', 'file:///docs/callee-saved-not-restored.md'],
    );
  });

  it('are as the settings say', () => {
    const { workspace, document } = fixture('.globl f\n.type f, @function\nf: li s1, 1\n\tret');
    const of = (value: unknown) =>
      diagnosticsOf(workspace, document, {
        isa: wholeIsa,
        settings: readSettings({ checks: { 'callee-saved-not-restored': value } }),
        documentation: undefined,
      }).map(({ severity }) => severity);
    assert.deepEqual([of('off'), of('error'), of('hint'), of(7)], [[], [1], [4], [2]]);
  });

  it('of a long document are kept by line while it is edited, and found anew where it is', () => {
    const { workspace, document } = fixture(`_start:\n${'\tnop\n'.repeat(3000)}`);
    const options = { isa: wholeIsa, settings: defaultSettings, documentation: undefined };
    const lines = () => diagnosticsOf(workspace, document, options).map(({ range }) => range.start.line);
    keepProblems(document, checkDocument(workspace, document, wholeIsa));
    assert.deepEqual(lines(), []);
    const at = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 0 } });
    document.change([{ range: at(2000), text: '\taddd\n' }], 2);
    assert.deepEqual(lines(), [2000]);
    document.change([{ range: at(10), text: '\n\n' }], 3);
    assert.deepEqual(lines(), [2002]);
    document.change([{ range: at(20), text: '_start:\n' }], 4);
    assert.deepEqual(lines(), [20, 2003]);
  });
});

describe('language server: code actions', () => {
  it('mend misspelt mnemonics and directives', () => {
    assert.equal(fixed('_start:\n\tsubb a0, a1, a2', /Change to/), '_start:\n\tsub a0, a1, a2');
    assert.equal(fixed('_start:\n\t.wrod 1', /Change to/), '_start:\n\t.word 1');
  });

  it('load an immediate that does not fit', () => {
    assert.equal(fixed('_start:\n\taddi a0, a1, 5000', /with li/), '_start:\n\tli t0, 5000\n\tadd a0, a1, t0');
    assert.equal(fixed('_start:\n\tandi t0, t0, 0xffff # mask', /with li/), '_start:\n\tli t1, 0xffff\n\tand t0, t0, t1 # mask');
    assert.equal(fixed('_start:\n\taddi a0, zero, 5000', /with li/), '_start:\n\tli a0, 5000');
  });

  it('turn on an extension', () => {
    assert.equal(fixed('_start:\n\tandn a0, a1, a2', /extension/, parseIsa('rv64gc')), '_start:\n\t.option arch, +zbb\n\tandn a0, a1, a2');
  });

  it('declare a function', () => {
    const text = fixed('.globl f\n‸f:\n\tret\n', /\.type and \.size/);
    assert.equal(text, '.globl f\n\t.type f, @function\nf:\n\tret\n\t.size f, .-f\n');
    assert.equal(
      fixed('.globl f\n.type f, @function\n‸f:\n\tret', /Add \.size/),
      '.globl f\n.type f, @function\nf:\n\tret\n\t.size f, .-f',
    );
  });

  it('remove what is not used', () => {
    assert.equal(
      fixed('.globl f\n.type f, @function\nf:\n\tret\n\tli a0, 1\n\tret\n.size f, .-f', /Remove the instruction/).split('\n')[4],
      '\tret',
    );
    assert.equal(fixed('.globl f\n.type f, @function\nf: beqz a0, x\nagain:\n\tret\nx: ret', /Remove the label/).split('\n')[3], '\tret');
  });

  it('write a number in another base', () => {
    const { document, cursor } = fixture('\tli a0, 2‸55');
    const titles = codeActions(document, { start: cursor, end: cursor }, []).map(({ title }) => title);
    assert.deepEqual(titles, ['Write as 0xff', 'Write as 0b11111111']);
  });
});

describe('language server: inlay hints', () => {
  function hints(source: string, options: Partial<typeof defaultSettings.inlayHints>): string[] {
    const { document } = fixture(source);
    const all = { expansions: false, numbers: false, sizes: false, ...options };
    const codeAt = (line: number) => lineCode(document, line, wholeIsa);
    return inlayHints(document, document.wholeRange, codeAt, all).map(
      ({ position, label }) => `${position.line}:${position.character} ${label}`,
    );
  }

  it('show what pseudo-instructions are', () => {
    assert.deepEqual(hints('\tli a0, 0x12345678\n\tcall f\n\tadd a0, a0, a1\nf: ret', { expansions: true }), [
      '0:18 → lui a0,0x12345; addiw a0,a0,1656',
      '1:7 → auipc; jalr',
    ]);
  });

  it('show large numbers in the other base', () => {
    assert.deepEqual(hints('\tli a0, 4096\n\tli a1, 0xfff\n\tli a2, 10', { numbers: true }), ['0:12 = 0x1000', '1:13 = 4095']);
  });

  it('show sizes', () => {
    assert.deepEqual(hints('\taddi a0, a0, 1\n\tadd a0, a1, a2', { sizes: true }), ['0:15 2 bytes', '1:15 4 bytes']);
  });
});
