import { At } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { qualifiedName } from '../dwarf/entries/qualified-name';
import { demangle } from '../elf/demangle';

/**
 * The name of a function as a stack has it. As gdb does, an instance of a template takes it from its symbol, which has the arguments
 * that its entry may lack.
 */
export function functionName(entry: Entry): string | undefined {
  const qualified = qualifiedName(entry);
  const linkage = orNothing(() => (entry.holderOf(At.linkage_name) ?? entry.holderOf(At.MIPS_linkage_name))?.text(At.linkage_name));
  const demangled = linkage === undefined ? undefined : demangle(linkage);
  // Names of operators have spaces and angles of their own.
  if (qualified === undefined || !demangled?.includes('<') || qualified.includes('operator')) return qualified;
  return withoutReturnType(withoutParameters(demangled));
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

/** The name behind the last space that is in no angles or parentheses. */
function withoutReturnType(text: string): string {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text[at]!;
    if (')>}'.includes(character)) depth++;
    else if ('(<{'.includes(character)) depth--;
    else if (character === ' ' && depth === 0) return text.slice(at + 1);
  }
  return text;
}
