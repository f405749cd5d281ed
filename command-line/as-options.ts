import { type Isa, IsaError, parseIsa } from '../riscv/isa-string';
import { UsageError } from './usage-error';

export interface AsOptions {
  readonly sources: readonly string[];
  readonly output: string;
  readonly includeFolders: readonly string[];
  /** Macros of the C preprocessor: what follows `#define`. */
  readonly defines: readonly string[];
  readonly isa: Isa | undefined;
  readonly textAddress: bigint | undefined;
  readonly callSites: boolean;
  /** Whether the linker relaxes. */
  readonly relax: boolean;
  readonly warnings: 'shown' | 'hidden' | 'errors';
}

/** Options that GNU as has and that say nothing new here: debug information is always written, the ABI is the caller's matter. */
const withoutEffect = /^(-g|-g[1-5]|-gdwarf-[2-5]|-mabi=lp64[fdq]?|-mno-relax|-fpic|-fPIC|-fno-pic|-mno-arch-attr|-march-attr)$/;

/** Reads the words after `as`. Throws UsageError. */
export function parseAsOptions(words: readonly string[]): AsOptions {
  const sources: string[] = [];
  const includeFolders: string[] = [];
  const defines: string[] = [];
  let output = 'a.out';
  let isa: Isa | undefined;
  let textAddress: bigint | undefined;
  let callSites = false;
  let relax = false;
  let warnings: AsOptions['warnings'] = 'shown';
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    /** The value of an option, in the same word or the next one. */
    const value = (name: string) => {
      if (word.length > name.length) return word.slice(name.length).replace(/^=/, '');
      const next = words[++index];
      if (next === undefined) throw new UsageError(`as: ${name} needs a value`);
      return next;
    };
    if (word === '--') {
      sources.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') sources.push(word);
    else if (/^--output(=|$)/.test(word)) output = value('--output');
    else if (word.startsWith('-o')) output = value('-o');
    else if (word.startsWith('-I')) includeFolders.push(value('-I'));
    else if (word.startsWith('-D')) defines.push(value('-D').replace(/=|$/, ' ').replace(/ $/, ' 1'));
    else if (/^-march(=|$)/.test(word)) isa = isaOf('-march', value('-march'));
    else if (/^--isa(=|$)/.test(word)) isa = isaOf('--isa', value('--isa'));
    else if (/^-Ttext(=|$)/.test(word)) textAddress = addressOf(value('-Ttext'));
    else if (word === '--call-sites') callSites = true;
    else if (word === '--relax' || word === '--no-relax') relax = word === '--relax';
    else if (word === '-W' || word === '--no-warn') warnings = 'hidden';
    else if (word === '--fatal-warnings') warnings = 'errors';
    else if (!withoutEffect.test(word)) throw new UsageError(`as: unknown option '${word}'`);
  }
  if (sources.length === 0) throw new UsageError('as: no FILE');
  return { sources, output, includeFolders, defines, isa, textAddress, callSites, relax, warnings };
}

function isaOf(option: string, text: string): Isa {
  try {
    return parseIsa(text);
  } catch (error) {
    if (error instanceof IsaError) throw new UsageError(`as: ${option}: ${error.message}`);
    throw error;
  }
}

const pageSize = 4096n;

function addressOf(text: string): bigint {
  const digits = /^0x/i.test(text) ? text : `0x${text}`;
  if (!/^0x[\da-f]{1,16}$/i.test(digits)) throw new UsageError(`as: -Ttext ${text}: an address in hexadecimal is needed`);
  if (BigInt(digits) % pageSize !== 0n) throw new UsageError(`as: -Ttext ${text}: a multiple of 0x${pageSize.toString(16)} is needed`);
  return BigInt(digits);
}
