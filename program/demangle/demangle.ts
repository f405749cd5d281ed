import { Parser } from './names';
import { Printer } from './printer';
import { Unknown } from './reader';

/**
 * The C++ name of a mangled symbol (Itanium C++ ABI, section 5.1), as binutils' c++filt and gdb print it; undefined for what is no
 * mangled name, or one that is too long or too deep.
 */
export function demangle(symbol: string): string | undefined {
  if (!symbol.startsWith('_Z') || symbol.length > longest) return undefined;
  try {
    return new Printer().print(new Parser(symbol.slice(2)).symbol());
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

const longest = 8192;
