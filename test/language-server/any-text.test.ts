import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnosticsOf } from '../../language-server/diagnostics/diagnostics';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../../language-server/features/call-hierarchy';
import { codeActions } from '../../language-server/features/code-actions';
import { codeLenses, resolveCodeLens } from '../../language-server/features/code-lens';
import { completion } from '../../language-server/features/completion';
import { foldingRanges } from '../../language-server/features/folding';
import { formatting } from '../../language-server/features/formatting';
import { hover } from '../../language-server/features/hover';
import { inlayHints } from '../../language-server/features/inlay-hints';
import { linkedEditingRanges } from '../../language-server/features/linked-editing';
import { documentLinks } from '../../language-server/features/links';
import { declaration, definition, documentHighlight, references } from '../../language-server/features/navigation';
import { RenameError, rename } from '../../language-server/features/rename';
import { selectionRange } from '../../language-server/features/selection-ranges';
import { semanticTokens } from '../../language-server/features/semantic-tokens';
import { signatureHelp } from '../../language-server/features/signature-help';
import { documentSymbols, workspaceSymbols } from '../../language-server/features/symbols';
import { defaultSettings } from '../../language-server/settings';
import { lineCode } from '../../language-server/workspace/line-code';
import { wholeIsa } from '../../riscv/isa-string';
import { Random } from '../support/random';
import { edited, fixture } from './fixture';

const sources = ['fib.s', 'sort.s'].map((name) => readFileSync(join(__dirname, '../../samples', name), 'utf8'));
const pieces = [
  ...[
    '"',
    "'",
    '\\',
    '/*',
    '*/',
    '#',
    '//',
    '(',
    ')',
    ',',
    ';',
    ':',
    '%',
    '%hi(',
    '\\@',
    '=',
    '==',
    '.',
    '.L',
    '\0',
    '\u{1f600}',
    '\ud800',
    '\r',
  ],
  ...[
    '.macro',
    '.endm',
    '.rept 3',
    '.endr',
    '.if',
    '.else',
    '.endif',
    '.include "x"',
    '.section',
    '.type',
    '.size f, .-f',
    '1:',
    '1b',
    '9f',
  ],
  ...[
    'la',
    'li',
    'call',
    'jalr',
    'sd',
    'lui',
    'fadd.d',
    'csrr',
    'fence',
    '0x',
    '1e9',
    '99999999999999999999',
    '-',
    '<<',
    'a0',
    'sp',
    'mstatus',
  ],
];

/** Asks everything that a client can ask. */
function askAll(text: string, name: string, random: Random): void {
  const { workspace, document } = fixture({ [name]: text, 'other.s': '.globl g\ng: ret\n.include "main.s"' });
  const line = random.below(document.lines.length);
  const position = { line, character: random.below(document.line(line)!.text.length + 2) };
  const everything = { start: { line: 0, character: 0 }, end: { line: document.lines.length, character: 0 } };
  const codeAt = (number: number) => lineCode(document, number, wholeIsa);
  hover(workspace, document, position, codeAt);
  completion(workspace, document, position);
  signatureHelp(workspace, document, position);
  definition(workspace, document, position);
  declaration(workspace, document, position);
  references(workspace, document, position, true);
  documentHighlight(workspace, document, position);
  linkedEditingRanges(workspace, document, position);
  selectionRange(document, position);
  documentSymbols(document);
  workspaceSymbols(workspace, 'f');
  foldingRanges(document);
  documentLinks(workspace, document);
  semanticTokens(workspace, document);
  inlayHints(document, everything, codeAt, { expansions: true, numbers: true, sizes: true });
  for (const lens of codeLenses(document)) resolveCodeLens(workspace, lens, 'x');
  for (const item of prepareCallHierarchy(workspace, document, position)) {
    incomingCalls(workspace, item);
    outgoingCalls(workspace, item);
  }
  const diagnostics = diagnosticsOf(workspace, document, { isa: wholeIsa, settings: defaultSettings, documentation: undefined });
  for (const { range } of diagnostics) {
    assert.ok(
      range.end.line < document.lines.length && range.end.character <= document.line(range.end.line)!.text.length,
      'a range in the text',
    );
  }
  codeActions(document, { start: position, end: position }, diagnostics);
  const options = { tabSize: 4, insertSpaces: random.below(2) === 0, operandColumn: 16, commentColumn: 40 };
  const once = edited(document, formatting(document, options));
  const again = fixture({ [name]: once }).document;
  assert.equal(edited(again, formatting(again, options)), once, 'formatting is stable');
  try {
    rename(workspace, document, position, 'renamed');
  } catch (error) {
    if (!(error instanceof RenameError)) throw error;
  }
}

describe('language server: any text', () => {
  for (const name of ['main.s', 'main.S']) {
    it(`is answered without an exception (${name})`, function () {
      this.timeout(300_000);
      const random = new Random(name.charCodeAt(5));
      for (let round = 0; round < 400; round++) {
        const source = random.pick(sources);
        const from = random.below(source.length);
        let text = source.slice(from, from + random.below(900));
        for (let edit = random.below(12); edit > 0; edit--) {
          const at = random.below(text.length + 1);
          text = text.slice(0, at) + random.pick(pieces) + text.slice(at + random.below(5));
        }
        try {
          askAll(text, name, random);
        } catch (error) {
          throw new Error(`${(error as Error).message}\nfor this text: ${JSON.stringify(text)}`, { cause: error });
        }
      }
    });
  }
});
