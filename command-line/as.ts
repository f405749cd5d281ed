import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { assemble } from '../program/assembler/assemble';
import type { Diagnostic } from '../program/program';
import { parseAsOptions } from './as-options';
import { failed } from './exit-status';
import { causeOf, complain } from './standard-output';
import { underlined } from './underlined';

/** The sources have errors. */
const wrong = 1;

/** `riscv-ftrace as FILE... -o OUT`: assembles and links sources to a static ELF, and prints what is wrong as compilers do. */
export function as(words: readonly string[]): number {
  const options = parseAsOptions(words);
  const { sources: paths, output, warnings } = options;
  const texts = new Map<string, string>();
  const sources: { path: string; text: string }[] = [];
  for (const path of paths) {
    const bytes = read(path === '-' ? 0 : path);
    if (typeof bytes === 'string') {
      complain(`riscv-ftrace: ${path}: ${bytes}`);
      return failed;
    }
    const text = textOf(bytes);
    texts.set(path, text);
    sources.push({ path, text });
  }
  const { image, diagnostics } = assemble(sources, { ...options, readFile });
  const shown = diagnostics.filter(({ severity }) => severity !== 'warning' || warnings !== 'hidden');
  for (const diagnostic of shown) complain(diagnosticText(diagnostic, texts));
  if (!image || (warnings === 'errors' && shown.some(({ severity }) => severity === 'warning'))) return wrong;
  try {
    writeFileSync(output, image, { mode: 0o755 });
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException;
    complain(`riscv-ftrace: ${output}: cannot be written: ${causeOf(errno) ?? message}`);
    return failed;
  }
  return 0;
}

/** The bytes of a file, or why there are none. */
function read(path: string | 0): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    const { errno, message } = error as NodeJS.ErrnoException;
    return causeOf(errno) ?? message;
  }
}

/** A byte order mark is no part of the text. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString();
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** What sources include: any plain file, as with other assemblers. */
function readFile(path: string): Buffer | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  const bytes = read(path);
  return typeof bytes === 'string' ? undefined : bytes;
}

function diagnosticText(diagnostic: Diagnostic, texts: Map<string, string>): string {
  const { path, line, column, severity, message } = diagnostic;
  const place = [path === '-' ? '<stdin>' : path, ...(line > 0 ? [line, column] : [])].join(':');
  const heading = `${place}: ${severity}: ${message}`;
  let text = texts.get(path);
  if (text === undefined) {
    const bytes = readFile(path);
    text = bytes ? textOf(bytes) : '';
    texts.set(path, text);
  }
  return line > 0 ? [heading, ...underlined(text, diagnostic)].join('\n') : heading;
}
