import type { Extension } from '../../../riscv/instruction-row';
import type { Isa } from '../../../riscv/isa-string';
import { isBlank, isIdentifier, type PreprocessorToken, preprocessorTokens, trimmed } from './preprocessor-token';

interface Definition {
  /** Absent where the macro takes no arguments. */
  readonly parameters: readonly string[] | undefined;
  readonly isVariadic: boolean;
  readonly body: readonly PreprocessorToken[];
}

/** Thrown where a directive or the use of a macro is wrong; the message is for people. */
export class PreprocessorError extends Error {}

/** What all uses of macros in a source may give, so that no source runs without end or fills the memory. */
const mostTokens = 500_000;
const deepest = 100;

/** What GCC defines for assembly of this machine. */
const predefined = ['__ASSEMBLER__', '__ELF__', '__LP64__', '_LP64', '__linux__', '__riscv'];

/** What it defines for an extension, beside `__riscv_` and its name (RISC-V C API specification). */
const predefinedFor: Partial<Record<Extension, readonly string[]>> = {
  A: ['__riscv_atomic'],
  C: ['__riscv_compressed'],
  D: ['__riscv_fdiv', '__riscv_fsqrt'],
  M: ['__riscv_div', '__riscv_mul', '__riscv_muldiv'],
};

/** The macros of the C preprocessor that are defined at a line, and what they make of it (C11, section 6.10.3). */
export class Definitions {
  private readonly byName = new Map<string, Definition>();
  private made = 0;

  /** With the macros of the machine and those given, each as it would follow `#define`. Throws PreprocessorError. */
  constructor(isa: Isa, defines: readonly string[]) {
    for (const name of predefined) this.define(`${name} 1`);
    for (const extension of isa) for (const name of predefinedFor[extension] ?? []) this.define(`${name} 1`);
    for (const extension of isa) this.define(`__riscv_${extension.toLowerCase()} 1`);
    this.define('__riscv_xlen 64');
    if (isa.has('F')) this.define(`__riscv_flen ${isa.has('D') ? 64 : 32}`);
    this.define(`__riscv_float_abi_${isa.has('D') ? 'double' : isa.has('F') ? 'single' : 'soft'} 1`);
    for (const text of defines) this.define(text);
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Takes what follows `#define`. */
  define(text: string): void {
    const match = /^([A-Za-z_$][\w$]*)(\(([^)]*)\))?(.*)$/su.exec(text);
    if (!match || match[1] === 'defined') throw new PreprocessorError('expected the name of a macro');
    const [, name, list, inner, rest] = match;
    if (list === undefined && rest!.startsWith('(')) throw new PreprocessorError(`the parameters of '${name}' have no ')'`);
    const parameters = list === undefined ? undefined : inner!.split(',').map((parameter) => parameter.trim());
    const isVariadic = parameters?.at(-1) === '...';
    if (parameters?.length === 1 && parameters[0] === '') parameters.pop();
    if (isVariadic) parameters![parameters!.length - 1] = '__VA_ARGS__';
    const wrong = parameters?.find((parameter, index) => !/^[A-Za-z_$][\w$]*$/.test(parameter) || parameters.indexOf(parameter) !== index);
    if (wrong !== undefined) throw new PreprocessorError(`'${wrong}' cannot be a parameter of '${name}'`);
    const body = trimmed(preprocessorTokens(rest!, () => 0));
    if (body[0]?.text === '##' || body.at(-1)?.text === '##') throw new PreprocessorError("'##' stands between two words");
    this.byName.set(name!, { parameters, isVariadic, body });
  }

  undefine(name: string): void {
    this.byName.delete(name);
  }

  /** The tokens with all macros replaced. Throws PreprocessorError. */
  expand(tokens: readonly PreprocessorToken[], depth = 0): PreprocessorToken[] {
    if (depth > deepest) throw new PreprocessorError(`the uses of macros are nested deeper than ${deepest}`);
    const waiting = [...tokens].reverse();
    const done: PreprocessorToken[] = [];
    for (let token = waiting.pop(); token; token = waiting.pop()) {
      const definition = isIdentifier(token) && !token.hidden?.has(token.text) ? this.byName.get(token.text) : undefined;
      const given = definition?.parameters && takeArguments(waiting, token.text);
      if (!definition || (definition.parameters && !given)) {
        done.push(token);
        continue;
      }
      const body = given ? this.fill(token.text, definition, given, depth) : definition.body;
      this.made += body.length + 1;
      if (this.made > mostTokens) throw new PreprocessorError(`the macros of this source make more than ${mostTokens} words`);
      const own = new Set(token.hidden).add(token.text);
      for (let index = body.length - 1; index >= 0; index--) {
        const { text, hidden } = body[index]!;
        waiting.push({ text, column: token.column, hidden: hidden ? new Set([...own, ...hidden]) : own });
      }
    }
    return done;
  }

  /** The body with its parameters replaced, `#` and `##` done. */
  private fill(name: string, definition: Definition, given: PreprocessorToken[][], depth: number): PreprocessorToken[] {
    const parameters = definition.parameters!;
    const values = argumentsFor(name, definition, given);
    const expanded = new Map<string, PreprocessorToken[]>();
    const { body } = definition;
    const filled: PreprocessorToken[] = [];
    for (let index = 0; index < body.length; index++) {
      const token = body[index]!;
      const next = nextWord(body, index);
      const value = values[parameters.indexOf(token.text)];
      if (token.text === '#' && next && parameters.includes(next.text)) {
        filled.push({ text: quoted(values[parameters.indexOf(next.text)]!), column: 0 });
        index = body.indexOf(next, index);
      } else if (token.text === '##' && next) {
        while (filled.length > 0 && isBlank(filled.at(-1)!)) filled.pop();
        const right = values[parameters.indexOf(next.text)] ?? [next];
        const joined = `${filled.pop()?.text ?? ''}${right[0]?.text ?? ''}`;
        append(
          filled,
          preprocessorTokens(joined, () => 0),
        );
        append(filled, right.slice(1));
        index = body.indexOf(next, index);
      } else if (!value) filled.push(token);
      else if (next?.text === '##') append(filled, value.length > 0 ? value : [{ text: ' ', column: 0 }]);
      else {
        if (!expanded.has(token.text)) expanded.set(token.text, this.expand(value, depth + 1));
        append(filled, expanded.get(token.text)!);
      }
      if (filled.length > mostTokens) throw new PreprocessorError(`the macros of this source make more than ${mostTokens} words`);
    }
    return filled;
  }
}

function append(tokens: PreprocessorToken[], more: readonly PreprocessorToken[]): void {
  for (const token of more) tokens.push(token);
}

function nextWord(body: readonly PreprocessorToken[], index: number): PreprocessorToken | undefined {
  for (let at = index + 1; at < body.length; at++) if (!isBlank(body[at]!)) return body[at];
  return undefined;
}

/** Takes `(a, b)` off what is waiting; undefined where there is no parenthesis. */
function takeArguments(waiting: PreprocessorToken[], name: string): PreprocessorToken[][] | undefined {
  let at = waiting.length - 1;
  while (at >= 0 && isBlank(waiting[at]!)) at--;
  if (waiting[at]?.text !== '(') return undefined;
  const given: PreprocessorToken[][] = [[]];
  for (let depth = 1, index = at - 1; index >= 0; index--) {
    const token = waiting[index]!;
    if (token.text === '(') depth++;
    if (token.text === ')' && --depth === 0) {
      waiting.length = index;
      return given.map((argument) => [...trimmed(argument)]);
    }
    if (token.text === ',' && depth === 1) given.push([]);
    else given.at(-1)!.push(token);
  }
  throw new PreprocessorError(`the arguments of '${name}' have no ')' in this line`);
}

function argumentsFor(name: string, { parameters, isVariadic }: Definition, given: PreprocessorToken[][]): PreprocessorToken[][] {
  const wanted = parameters!.length;
  const values = wanted === 0 && given.length === 1 && given[0]!.length === 0 ? [] : given;
  if (isVariadic) {
    const rest = values.splice(wanted - 1).flatMap((argument, index) => (index > 0 ? [{ text: ',', column: 0 }, ...argument] : argument));
    values.push(rest);
  }
  if (values.length !== wanted) {
    throw new PreprocessorError(`'${name}' takes ${wanted} argument${wanted === 1 ? '' : 's'}, not ${values.length}`);
  }
  return values;
}

/** The text of an argument as a string (`#`). */
function quoted(argument: readonly PreprocessorToken[]): string {
  const text = argument.map((token) =>
    isBlank(token) ? ' ' : /^["']/.test(token.text) ? token.text.replaceAll(/["\\]/g, '\\$&') : token.text,
  );
  return `"${text.join('')}"`;
}
