import { errnoTexts, FtraceError } from '../ftrace-error';
import { globMatches } from '../glob';
import type { Tracefs } from './tracefs';

export interface ShellResult {
  /** Standard output and error output in their order, as a terminal shows them. */
  readonly output: string;
  readonly status: number;
  /** The `trace_pipe` files that `cat` has read what was there of: in a shell it would wait for more. */
  readonly pipes?: readonly string[];
  /** What a shell would not say: sentences on why something was refused. */
  readonly reasons?: readonly string[];
}

/** The commands there are, for help and completion. */
export const shellCommands = ['cat', 'echo', 'head', 'ls', 'mkdir', 'rmdir', 'tail'] as const;

type Word = { readonly text: string; readonly isQuoted: boolean };

interface Command {
  readonly words: readonly Word[];
  readonly target: string | undefined;
  readonly appends: boolean;
}

/** `echo`, `cat`, `head`, `tail`, `ls`, `mkdir` and `rmdir` on tracefs, with `>` and `>>`, answering as a shell does. */
export class TracefsShell {
  constructor(private readonly tracefs: Tracefs) {}

  /** Whether a line is for this shell: it begins with one of its commands. */
  static understands(line: string): boolean {
    const first = line.trim().split(/\s+/)[0] ?? '';
    return (shellCommands as readonly string[]).includes(first);
  }

  /** Runs a script: commands in lines or between `;`, and `&&` between those of which each needs the one before. */
  run(script: string): ShellResult {
    let output = '';
    let status = 0;
    const pipes: string[] = [];
    const reasons: string[] = [];
    for (const list of splitScript(script)) {
      for (const text of list) {
        const result = this.command(text);
        output += result.output;
        status = result.status;
        pipes.push(...(result.pipes ?? []));
        reasons.push(...(result.reasons ?? []));
        if (status !== 0) break;
      }
    }
    return { output, status, pipes, reasons };
  }

  private command(text: string): ShellResult {
    let command: Command;
    try {
      command = parse(text);
    } catch (error) {
      return { output: `sh: ${(error as Error).message}\n`, status: 2 };
    }
    const { words, target, appends } = command;
    const [first, ...rest] = words;
    if (!first) return target === undefined ? { output: '', status: 0 } : this.redirect(target, appends, '');
    const result = this.execute(first.text, rest);
    if (target === undefined) return result;
    if (result.status !== 0) return result;
    return this.redirect(target, appends, result.output);
  }

  private redirect(path: string, appends: boolean, text: string): ShellResult {
    if (path === '/dev/null') return { output: '', status: 0 };
    try {
      this.tracefs.write(path, text, appends);
      return { output: '', status: 0 };
    } catch (error) {
      if (!(error instanceof FtraceError)) throw error;
      const isOpening = error.errno === 'ENOENT' || error.errno === 'EACCES' || error.errno === 'EISDIR';
      const opens = isOpening && !this.tracefs.stat(path)?.isWritable;
      const message = errnoTexts[error.errno];
      const reasons = error.message === message ? [] : [error.message];
      return { output: opens ? `sh: can't create ${path}: ${message}\n` : `sh: write error: ${message}\n`, status: 1, reasons };
    }
  }

  private execute(name: string, words: readonly Word[]): ShellResult {
    const texts = words.map(({ text }) => text);
    switch (name) {
      case 'echo':
        return echo(texts);
      case 'cat':
        return this.cat(this.expand(words));
      case 'head':
      case 'tail':
        return this.ends(name, words);
      case 'ls':
        return this.each('ls', '', this.expand(words.length > 0 ? words : [{ text: '', isQuoted: true }]), (path) => this.list(path));
      case 'mkdir':
        return this.each('mkdir', "can't create directory", texts, (path) => {
          this.tracefs.makeDirectory(path);
          return '';
        });
      case 'rmdir':
        return this.each('rmdir', '', texts, (path) => {
          this.tracefs.removeDirectory(path);
          return '';
        });
      default:
        return { output: `sh: ${name}: not found\n`, status: 127 };
    }
  }

  private cat(paths: readonly string[]): ShellResult {
    const result = this.each('cat', "can't open", paths, (path) => this.tracefs.read(path));
    return { ...result, pipes: paths.filter((path) => /(^|\/)trace_pipe$/.test(path) && this.tracefs.stat(path)) };
  }

  private ends(name: 'head' | 'tail', words: readonly Word[]): ShellResult {
    const texts = words.map(({ text }) => text);
    let count = 10;
    if (/^-n?[0-9]+$/.test(texts[0] ?? '')) count = Number(/[0-9]+/.exec(texts.shift()!)![0]);
    else if (texts[0] === '-n') count = Number(texts.splice(0, 2)[1]);
    return this.each(name, '', texts, (path) => {
      const lines = this.tracefs.read(path).split('\n');
      if (lines.at(-1) === '') lines.pop();
      const part = name === 'head' ? lines.slice(0, count) : lines.slice(Math.max(0, lines.length - count));
      return part.map((line) => `${line}\n`).join('');
    });
  }

  private list(path: string): string {
    const stat = this.tracefs.stat(path);
    if (!stat) throw new FtraceError('ENOENT');
    if (!stat.isDirectory) return `${path}\n`;
    return this.tracefs
      .list(path)
      .map(({ name }) => `${name}\n`)
      .join('');
  }

  private each(name: string, what: string, paths: readonly string[], action: (path: string) => string): ShellResult {
    let output = '';
    let status = 0;
    for (const path of paths) {
      try {
        output += action(path);
      } catch (error) {
        if (!(error instanceof FtraceError)) throw error;
        output += `${name}: ${what === '' ? `${path}:` : `${what} '${path}':`} ${errnoTexts[error.errno]}\n`;
        status = 1;
      }
    }
    return { output, status };
  }

  /** Paths with `*`, `?` or `[` in their last part become the names that they match. */
  private expand(words: readonly Word[]): string[] {
    return words.flatMap(({ text, isQuoted }) => {
      if (isQuoted || !/[*?[]/.test(text)) return [text];
      const at = text.lastIndexOf('/');
      const folder = text.slice(0, Math.max(0, at));
      const pattern = text.slice(at + 1);
      if (!this.tracefs.stat(folder)?.isDirectory) return [text];
      const names = this.tracefs.list(folder).filter(({ name }) => globMatches(pattern, name));
      return names.length > 0 ? names.map(({ name }) => (folder === '' ? name : `${folder}/${name}`)) : [text];
    });
  }
}

function echo(texts: readonly string[]): ShellResult {
  const isBare = texts[0] === '-n';
  return { output: `${(isBare ? texts.slice(1) : texts).join(' ')}${isBare ? '' : '\n'}`, status: 0 };
}

/** Commands in lines or between `;`, each a list of those between `&&`. */
function splitScript(script: string): string[][] {
  const lists: string[][] = [[]];
  let [current, quote] = ['', ''];
  const end = () => {
    lists.at(-1)!.push(current);
    current = '';
  };
  for (let index = 0; index < script.length; index++) {
    const character = script[index]!;
    if (quote !== '') {
      if (character === quote) quote = '';
      current += character;
    } else if (character === '\\' && index + 1 < script.length) current += character + script[++index]!;
    else if (character === "'" || character === '"') {
      quote = character;
      current += character;
    } else if (character === ';' || character === '\n') {
      end();
      lists.push([]);
    } else if (script.startsWith('&&', index)) {
      end();
      index++;
    } else if (character === '#' && /(^|\s)$/.test(current)) {
      while (index + 1 < script.length && script[index + 1] !== '\n') index++;
    } else current += character;
  }
  end();
  return lists.map((list) => list.filter((text) => text.trim() !== '')).filter((list) => list.length > 0);
}

/** Words with quotes taken away, and where the output goes. Throws Error. */
function parse(text: string): Command {
  const words: Word[] = [];
  let target: string | undefined;
  let appends = false;
  const pattern = /\s*(?:(>>|>)|((?:[^\s'"\\>]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+))/y;
  pattern.lastIndex = 0;
  let expectsTarget = false;
  const trimmed = text.trimEnd();
  while (pattern.lastIndex < trimmed.length) {
    const match = pattern.exec(trimmed);
    if (!match) throw new Error('syntax error: unterminated quoted string');
    const [, redirect, raw] = match;
    if (redirect !== undefined) {
      if (expectsTarget) throw new Error(`syntax error: unexpected "${redirect}"`);
      appends = redirect === '>>';
      expectsTarget = true;
      continue;
    }
    const word = { text: unquote(raw!), isQuoted: /['"\\]/.test(raw!) };
    if (expectsTarget) target = word.text;
    else words.push(word);
    expectsTarget = false;
  }
  if (expectsTarget) throw new Error('syntax error: unexpected newline');
  return { words, target, appends };
}

function unquote(raw: string): string {
  return raw.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g,
    (_, single, double, escaped) => single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped,
  );
}
