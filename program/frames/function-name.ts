import { demangle } from '../demangle/demangle';
import { At } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { qualifiedName } from '../dwarf/entries/qualified-name';
import type { ProgramSymbol } from '../program';

/**
 * The name of a function as a stack has it. As gdb does, an instance of a template takes it from its symbol, which has the arguments
 * that its entry may lack; so does a member of a class in a function, for the function's name.
 */
export function functionName(entry: Entry): string | undefined {
  const qualified = qualifiedName(entry);
  const linkage = linkageName(entry);
  const demangled = linkage === undefined ? undefined : demangle(linkage);
  // The body of a lambda is in no class that the source names.
  if (qualified === undefined || demangled === undefined || qualified.startsWith('operator()')) return qualified;
  const named = withoutReturnType(withoutParameters(demangled));
  return demangled.includes('<') || named.endsWith(`::${qualified}`) ? named : qualified;
}

/** The name that the linker knows a function by, where its entry says one beside its own. */
export function linkageName(entry: Entry): string | undefined {
  const attribute = [At.linkage_name, At.MIPS_linkage_name].find((each) => orNothing(() => entry.holderOf(each)));
  return attribute === undefined ? undefined : entry.holderOf(attribute)?.text(attribute);
}

/**
 * The name of a symbol that the program does not describe. gdb takes some names with a number at their end for those of Ada, and leaves
 * the number out (ada-lang.c, `ada_decode`): of GCC's `words.0` remains what the source has.
 */
export function undescribedName({ name }: ProgramSymbol): string {
  const demangled = demangle(name);
  if (demangled !== undefined || !/^[a-z](_?[a-z\d])*_?(\.[a-z\d_]+)*\.\d+$/.test(name)) return demangled ?? name;
  return name.slice(0, name.lastIndexOf('.'));
}

/**
 * The name of a symbol as gdb has it after an address: for a function that the program describes that of the source, for a clone of it
 * too (`f.constprop.0`), and without the type that a template returns.
 */
export function symbolText(symbol: ProgramSymbol, describedAt: (address: bigint) => Entry | undefined): string {
  const name = undescribedName(symbol);
  const head = withoutParameters(name);
  const isClone = symbol.name.includes('.');
  if (symbol.kind !== 'function' || (!isClone && !head.includes(' '))) return name;
  const entry = describedAt(symbol.address);
  if (!entry) return name;
  const linkage = linkageName(entry) ?? entry.fullName;
  if (isClone && linkage !== undefined && symbol.name.startsWith(`${linkage}.`)) {
    return symbolText({ ...symbol, name: linkage }, describedAt);
  }
  return withoutReturnType(head) + name.slice(head.length);
}

/** `geo::biggest<int>` of a symbol of C++; undefined for any other. */
export function shortName(symbol: string): string | undefined {
  const name = demangle(symbol);
  return name === undefined ? undefined : withoutReturnType(withoutParameters(name));
}

/** `f<int>` of `void f<int>(char) const`: cut before the last parenthesis that is opened outside of others. */
function withoutParameters(text: string): string {
  const end = text.lastIndexOf(')');
  let depth = 0;
  for (let at = end; at >= 0; at--) {
    if (text[at] === ')') depth++;
    if (text[at] === '(' && --depth === 0) return text.slice(0, at);
  }
  return text;
}

/** The name behind the last space that is in no angles or parentheses; that of an operator has spaces and angles of its own. */
function withoutReturnType(text: string): string {
  let depth = 0;
  for (let at = operatorIn(text) - 1; at >= 0; at--) {
    const character = text[at]!;
    if (')>}'.includes(character)) depth++;
    else if ('(<{'.includes(character)) depth--;
    else if (character === ' ' && depth === 0) return text.slice(at + 1);
  }
  return text;
}

/** Where the name of an operator starts that is in no angles or parentheses; the end of the text where there is none. */
function operatorIn(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (depth === 0 && text.startsWith('operator', at) && !/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + 8] ?? '')) return at;
    if ('(<{'.includes(character)) depth++;
    else if (')>}'.includes(character)) depth--;
  }
  return text.length;
}
