/** The language server on a long file: what a keystroke costs, and what is asked while typing. */
import { performance } from 'node:perf_hooks';
import { checkDocument } from '../language-server/diagnostics/check-document';
import { diagnosticsOf, keepProblems } from '../language-server/diagnostics/diagnostics';
import type { AssemblyDocument } from '../language-server/document/assembly-document';
import { completion } from '../language-server/features/completion';
import { hover } from '../language-server/features/hover';
import { semanticTokens } from '../language-server/features/semantic-tokens';
import { defaultSettings } from '../language-server/settings';
import { lineCode } from '../language-server/workspace/line-code';
import { Workspace } from '../language-server/workspace/workspace';
import { wholeIsa } from '../riscv/isa-string';
import { longSource } from './long-source';

const lineCount = 100_000;
const rounds = 101;

const text = longSource(lineCount);
const workspace = new Workspace({ read: () => undefined, list: async () => [] });
const opening = performance.now();
const document = workspace.opened('file:///long.s', text, 1);
const opened = performance.now();
keepProblems(document, checkDocument(workspace, document, wholeIsa));
const checked = performance.now();

process.stdout.write(`\nLanguage server, a file of ${lineCount} lines (${(text.length / 2 ** 20).toFixed(1)} MiB)\n`);
print('opening it', opened - opening, 'once');
print('checking all of it, in a worker', checked - opened, 'once');
const options = { isa: wholeIsa, settings: defaultSettings, documentation: undefined };
let version = 1;
for (const [where, line] of [
  ['near the start', 100],
  ['near the end', lineCount - 100],
] as const) {
  measure(`a keystroke ${where} and its diagnostics`, 30, () => {
    type(document, line);
    diagnosticsOf(workspace, document, options);
  });
}
measure('a new line in the middle and its diagnostics', 30, () => {
  document.change([{ range: { start: { line: 50_000, character: 0 }, end: { line: 50_000, character: 0 } }, text: '\n' }], ++version);
  diagnosticsOf(workspace, document, options);
});
const middle = { line: document.lines.find(({ number, text: each }) => number > 50_000 && each.includes('addi'))!.number, character: 3 };
measure('hover', 10, () => hover(workspace, document, middle, (line) => lineCode(document, line, wholeIsa)));
measure('completion of a mnemonic', 10, () => completion(workspace, document, middle));
measure('completion of a label', 10, () => completion(workspace, document, callPlace(document)));
measure('semantic tokens of 60 lines after a keystroke', 15, () => {
  type(document, 50_010);
  semanticTokens(workspace, document, { start: { line: 50_000, character: 0 }, end: { line: 50_060, character: 0 } });
});
function type(target: AssemblyDocument, line: number): void {
  const { length } = target.line(line)!.text;
  const isLong = length > 60;
  const range = { start: { line, character: isLong ? length - 1 : length }, end: { line, character: length } };
  target.change([{ range, text: isLong ? '' : '1' }], ++version);
}

function callPlace({ lines }: AssemblyDocument): { line: number; character: number } {
  const line = lines.findIndex((each) => each.number > 50_000 && each.text.includes('call'));
  return { line, character: lines[line]!.text.indexOf('call') + 5 };
}

function measure(what: string, wanted: number, action: () => void): void {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    action();
    times.push(performance.now() - start);
  }
  times.sort((left, right) => left - right);
  print(
    what,
    times[rounds >> 1]!,
    `median of ${rounds}, 90th percentile ${times[Math.floor(rounds * 0.9)]!.toFixed(2)} ms; wanted ${wanted}`,
  );
}

function print(what: string, milliseconds: number, how: string): void {
  process.stdout.write(`  ${what}: ${milliseconds.toFixed(2)} ms (${how})\n`);
}
