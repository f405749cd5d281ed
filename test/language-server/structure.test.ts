import { strict as assert } from 'node:assert';
import type { DocumentSymbol, SelectionRange } from 'vscode-languageserver';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../../language-server/features/call-hierarchy';
import { codeLenses, resolveCodeLens } from '../../language-server/features/code-lens';
import { foldingRanges } from '../../language-server/features/folding';
import { selectionRange } from '../../language-server/features/selection-ranges';
import { documentSymbols, workspaceSymbols } from '../../language-server/features/symbols';
import { fixture, placesIn, textIn } from './fixture';

const program = `	.equ COUNT, 10
	.macro push reg
	addi sp, sp, -16
	sd \\reg, 8(sp)
	.endm

	.text
	.globl main
	.type main, @function
main:
	push ra
	li a0, COUNT
.Lloop:
	call twice
loop:
	addi a0, a0, -1
	bnez a0, loop
	tail twice
	.size main, .-main

	.type twice, @function
twice:
	add a0, a0, a0
	ret
	.size twice, .-twice

	.data
value:	.dword twice
	.comm buffer, 64
`;

describe('language server: structure', () => {
  it('lists functions with their labels, objects, constants, macros and sections', () => {
    const { document } = fixture(program);
    const shown = (symbol: DocumentSymbol): string => {
      const inner = symbol.children?.length ? ` (${symbol.children.map(shown).join(', ')})` : '';
      return `${symbol.detail} ${symbol.name} ${symbol.range.start.line + 1}-${symbol.range.end.line + 1}${inner}`;
    };
    assert.deepEqual(documentSymbols(document).map(shown), [
      'constant COUNT 1-1',
      'macro push 2-5',
      'section .text 7-26',
      'function main 10-19 (label loop 15-19)',
      'function twice 22-25',
      'section .data 27-29',
      'object value 28-28',
      'object buffer 29-29',
    ]);
  });

  it('keeps every name within its range, and children within their parents', () => {
    const { document } = fixture(program);
    const check = (symbol: DocumentSymbol): void => {
      assert.equal(textIn(document, symbol.selectionRange), symbol.name);
      assert.ok(symbol.range.start.line <= symbol.selectionRange.start.line && symbol.selectionRange.end.line <= symbol.range.end.line);
      for (const child of symbol.children ?? []) {
        assert.ok(symbol.range.start.line <= child.range.start.line && child.range.end.line <= symbol.range.end.line);
        check(child);
      }
    };
    documentSymbols(document).forEach(check);
  });

  it('finds names of all sources by some of their letters', () => {
    const { workspace } = fixture({ 'a.s': program, 'b.s': '.globl print_number\nprint_number: ret' });
    assert.deepEqual(
      workspaceSymbols(workspace, 'pn').map(({ name }) => name),
      ['print_number'],
    );
    assert.deepEqual(
      workspaceSymbols(workspace, 'TWI').map(({ name }) => name),
      ['twice'],
    );
  });

  it('folds functions, macros, conditionals, comments and regions', () => {
    const source = [
      '# A comment',
      '# of two lines.',
      '.macro m',
      'nop',
      '.endm',
      '.if 1',
      'nop',
      '.else',
      'nop',
      'nop',
      '.endif',
      '# region data',
      'nop',
      '# endregion',
      '.globl f',
      'f: nop',
      'ret',
      '',
      '.globl g',
      'g: ret',
      '/* one',
      'two */',
      '.rept 2',
      '.irp x, 1, 2',
      'nop',
      '.endr',
      '.endr',
    ].join('\n');
    const { document } = fixture(source);
    const ranges = foldingRanges(document).map(
      ({ startLine, endLine, kind }) => `${startLine + 1}-${endLine + 1}${kind ? ` ${kind}` : ''}`,
    );
    const expected = ['1-2 comment', '3-5', '6-7', '8-11', '12-14 region', '16-17', '21-22 comment', '23-27', '24-26'];
    for (const range of expected) assert.ok(ranges.includes(range), `${range} is missing in ${ranges.join(', ')}`);
  });

  it('folds what the preprocessor leaves out', () => {
    const { document } = fixture({ 'main.S': '#if A\nnop\n#else\nnop\n#endif' });
    assert.deepEqual(
      foldingRanges(document).map(({ startLine, endLine }) => [startLine, endLine]),
      [
        [0, 1],
        [2, 4],
      ],
    );
  });

  it('selects from the word outwards', () => {
    const { document, cursor } = fixture(program.replace('addi a0, a0, -1', 'addi a0, a‸0, -1'));
    const texts: string[] = [];
    for (let range: SelectionRange | undefined = selectionRange(document, cursor); range; range = range.parent)
      texts.push(textIn(document, range.range));
    assert.deepEqual(texts.slice(0, 4), ['a0', 'a0, a0, -1', 'addi a0, a0, -1', '\taddi a0, a0, -1']);
    assert.match(texts.at(-2)!, /^main:[\s\S]*\.size main, \.-main$/);
    assert.equal(texts.at(-1), document.text);
  });

  it('tells who calls and who is called', () => {
    const { workspace, document, cursor } = fixture({
      'a.s': program.replace('call twice', 'call tw‸ice'),
      'b.s': '.globl start\nstart: call main\n\tret',
    });
    const [twice] = prepareCallHierarchy(workspace, document, cursor);
    assert.equal(twice?.name, 'twice');
    const callers = incomingCalls(workspace, twice!).map(
      ({ from, fromRanges }) => `${from.name} ${placesIn(document, fromRanges).join(' ')}`,
    );
    assert.deepEqual(callers, ['main 14:twice 18:twice']);
    const [main] = prepareCallHierarchy(workspace, document, { line: 10, character: 2 });
    assert.equal(main?.name, 'main');
    assert.deepEqual(
      outgoingCalls(workspace, main!).map(({ to, fromRanges }) => [to.name, fromRanges.length]),
      [['twice', 2]],
    );
    assert.deepEqual(
      incomingCalls(workspace, main!).map(({ from }) => from.name),
      ['start'],
    );
  });

  it('counts the references of each function', () => {
    const { workspace, document } = fixture(program);
    const titles = codeLenses(document).map((lens) => resolveCodeLens(workspace, lens, undefined).command?.title);
    assert.deepEqual(titles, ['1 reference', '4 references']);
  });
});
