import { demangle } from './demangle/demangle';
import { At } from './dwarf/entries/constants';
import type { Entry } from './dwarf/entries/entry';
import { orNothing } from './dwarf/entries/or-nothing';
import { qualifiedName } from './dwarf/entries/qualified-name';
import type { Program } from './program';

/** A function of a C++ program as a source names it. */
export interface NamedFunction {
  /** F. */
  readonly address: bigint;
  /** `geo::Rect::area`: with its scopes, without arguments of templates. */
  readonly name: string;
  /** Lines of its declarations, which are several where a class declares what is defined elsewhere. */
  readonly lines: readonly number[];
  /** Its types without spaces and names: `(int,char*)`. */
  readonly parameters: string;
}

/** Those functions of a program at the addresses that are written in C++. */
export function cppFunctionsOf(program: Program, addresses: readonly bigint[]): readonly NamedFunction[] {
  return addresses.flatMap((address): NamedFunction[] => {
    const entry = program.debugInfo.functionOf(address);
    if (!entry?.unit.isCplusplus) return [];
    const name = orNothing(() => qualifiedName(entry));
    if (name === undefined) return [];
    const symbol = program.symbols.functionAt(address)?.name ?? '';
    const parameters = /\(.*\)/.exec((demangle(symbol) ?? '').replace(/^.*?(?=\((?!anonymous))/s, ''))?.[0] ?? '';
    return [{ address, name: plainName(name), lines: linesOf(entry), parameters: spaceless(parameters) }];
  });
}

/**
 * The functions that a name in a source means: `Rect::area`, or `add(int, int)` of several. Where some are declared on the line they
 * are meant, instances of a template and both forms of a constructor together; else those with the same parameters; else all.
 */
export function functionsMeant(all: readonly NamedFunction[], name: string, line: number | undefined): readonly NamedFunction[] {
  const [, plain = name, parameters] = /^(.*?)(\((?!\)\(|anonymous).*\))?$/s.exec(name) ?? [];
  const named = all.filter((each) => each.name === plainName(plain));
  const here = named.filter((each) => line !== undefined && each.lines.includes(line));
  if (here.length > 0) return here;
  const alike = parameters === undefined ? [] : named.filter((each) => each.parameters === spaceless(parameters));
  return alike.length > 0 ? alike : named;
}

/** Without arguments of templates and unnamed namespaces. */
export function plainName(name: string): string {
  let result = '';
  let depth = 0;
  const text = name.replaceAll('(anonymous namespace)::', '');
  for (let at = 0; at < text.length; at++) {
    const operator = depth === 0 ? /^operator\s*(?:<=>|<<=?|>>=?|->\*?|<=?|>=?)/.exec(text.slice(at))?.[0] : undefined;
    if (operator) {
      result += operator;
      at += operator.length - 1;
      continue;
    }
    if (text[at] === '<') depth++;
    else if (text[at] === '>') depth--;
    else if (depth === 0) result += text[at];
  }
  return result;
}

function linesOf(entry: Entry): number[] {
  const lines: number[] = [];
  for (let current: Entry | undefined = entry, depth = 0; current && depth < 8; current = current.origin, depth++) {
    const line = current.number(At.decl_line);
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

function spaceless(text: string): string {
  return text.replaceAll(' ', '');
}
