import { type Extension, extensions, type InstructionRow } from './instruction-row';

/** The extensions that a machine has, or that a program may use. */
export type Isa = ReadonlySet<Extension>;

/** An ISA string that is none, or one that asks for what is not there. */
export class IsaError extends RangeError {
  override readonly name = 'IsaError';
  /** The part at fault, as an offset and length in the string. */
  readonly offset: number;
  readonly length: number;

  constructor(text: string, offset: number, length: number, problem: string) {
    const place = length > 0 ? `'${text.slice(offset, offset + length)}' (character ${offset + 1}): ` : '';
    super(`ISA '${text}': ${place}${problem}`);
    this.offset = offset;
    this.length = length;
  }
}

/** Counters came with I when G was named, and GNU's tools take them for it still. */
const general: readonly Extension[] = ['I', 'M', 'A', 'F', 'D', 'Zicntr', 'Zicsr', 'Zifencei'];

const implications: Partial<Record<Extension, readonly Extension[]>> = {
  F: ['Zicsr'],
  D: ['F'],
  Zfh: ['Zfhmin'],
  Zfhmin: ['F'],
  Zfa: ['F'],
  Zcb: ['C'],
  Zcd: ['C', 'D'],
  Zicntr: ['Zicsr'],
};

const byName: ReadonlyMap<string, readonly Extension[]> = new Map<string, readonly Extension[]>([
  ...extensions.map((extension): [string, readonly Extension[]] => [extension.toLowerCase(), [extension]]),
  ['g', general],
  ['b', ['Zba', 'Zbb', 'Zbs']],
]);

/** Names that tools write beside the extension that they are a part of. */
const partOf: ReadonlyMap<string, Extension> = new Map([
  ['zmmul', 'M'],
  ['zaamo', 'A'],
  ['zalrsc', 'A'],
  ['zca', 'C'],
]);

/** Each with underscores around it, or none, and a version, or none; names of several letters begin with z, s or x. */
const nameOfLetters = /_*([zsx](?:[a-z0-9]*?[a-z])?)(?:\d+(?:p\d+)?)?(?:_+|$)/y;
const letter = /_*([a-z])(?:\d+(?:p\d+)?)?_*/y;

/** All that the instruction table has. */
export const wholeIsa: Isa = new Set(extensions);

/**
 * Reads an ISA string as `-march` of the GNU tools takes it (Volume I, chapter "ISA Extension Naming Conventions"): `rv64`, then `i`
 * or `g`, then the letters of extensions, then the names of others with underscores between; each may have a version, such as `2p1`,
 * which says nothing here. What an extension needs comes with it. Throws IsaError.
 */
export function parseIsa(text: string): Isa {
  const lower = text.toLowerCase();
  if (!/^rv64[ig]/.test(lower)) throw baseError(text, lower);
  const isa = new Set<Extension>(['Sm']);
  for (const { name, offset } of partsOf(text, lower)) {
    const found = byName.get(name);
    const whole = partOf.get(name);
    if (found) add(isa, found);
    else if (whole && !isa.has(whole)) throw new IsaError(text, offset, name.length, `part of ${whole}, which this machine has only whole`);
    else if (!whole) throw new IsaError(text, offset, name.length, 'this machine has no such extension');
  }
  if (isa.has('C') && isa.has('D')) isa.add('Zcd');
  return isa;
}

/** The ISA with an extension and what that needs, or without it and what needs it. The name is in lower case. Throws IsaError. */
export function withExtensions(isa: Isa, sign: '+' | '-', name: string): Isa {
  const wanted = parseIsa(`rv64i_${name}`);
  const base = parseIsa('rv64i');
  const changed = new Set(isa);
  if (sign === '+') {
    for (const extension of wanted) changed.add(extension);
    if (changed.has('C') && changed.has('D')) changed.add('Zcd');
    return changed;
  }
  const named = byName.get(name.replace(/\d+(?:p\d+)?$/, '')) ?? [...wanted].filter((extension) => !base.has(extension));
  const gone = new Set(named);
  for (const extension of changed) {
    const needed = new Set<Extension>();
    add(needed, [extension]);
    if (named.some((each) => needed.has(each))) gone.add(extension);
  }
  for (const extension of gone) changed.delete(extension);
  return changed;
}

/** What GNU's tools take where nothing is said: RV64GC. */
export const generalIsa: Isa = parseIsa('rv64gc');

/** The ISA in the spelling of the manual: `RV64GC_Zba_Zbb`. */
export function isaName(isa: Isa): string {
  const has = (extension: Extension) => isa.has(extension);
  const isGeneral = general.every(has);
  const letters = isGeneral ? 'G' : (['I', 'M', 'A', 'F', 'D'] as const).filter(has).join('');
  const names = extensions.filter((extension) => extension.length > 1 && has(extension) && !goesWithoutSaying(extension, isa, isGeneral));
  return [`RV64${letters}${has('C') ? 'C' : ''}`, ...names].join('_');
}

/** Whether an instruction may be used there. */
export function isIn(isa: Isa, { extension, alsoNeeds }: Pick<InstructionRow, 'extension' | 'alsoNeeds'>): boolean {
  return isa.has(extension) && (!alsoNeeds || alsoNeeds.every((other) => isa.has(other)));
}

/** The extensions that an instruction needs and the ISA has not, in words: `Zbb`, `Zcb and Zbb`. */
export function missingFrom(isa: Isa, { extension, alsoNeeds = [] }: Pick<InstructionRow, 'extension' | 'alsoNeeds'>): string {
  return [extension, ...alsoNeeds].filter((one) => !isa.has(one)).join(' and ');
}

function* partsOf(text: string, lower: string): Generator<{ readonly name: string; readonly offset: number }> {
  for (let at = 4; at < text.length; ) {
    nameOfLetters.lastIndex = at;
    letter.lastIndex = at;
    const match = nameOfLetters.exec(lower) ?? letter.exec(lower);
    if (!match) throw new IsaError(text, at, text.length - at, 'expected the name of an extension');
    yield { name: match[1]!, offset: at + match[0].indexOf(match[1]!) };
    at += match[0].length;
  }
}

function add(isa: Set<Extension>, names: readonly Extension[]): void {
  for (const name of names) {
    isa.add(name);
    add(isa, implications[name] ?? []);
  }
}

function goesWithoutSaying(extension: Extension, isa: Isa, isGeneral: boolean): boolean {
  if (extension === 'Sm' || (isGeneral && general.includes(extension))) return true;
  return extension === 'Zcd' || (extension === 'Zfhmin' && isa.has('Zfh')) || (extension === 'Zicsr' && isa.has('F'));
}

function baseError(text: string, lower: string): IsaError {
  if (lower.startsWith('rv32')) return new IsaError(text, 0, 4, 'this machine has registers of 64 bits: rv64');
  if (lower.startsWith('rv64e')) return new IsaError(text, 4, 1, 'this machine has all 32 registers: i or g');
  if (lower.startsWith('rv64')) return new IsaError(text, 4, 0, "expected 'i' or 'g' after 'rv64'");
  return new IsaError(text, 0, 0, "expected 'rv64i' or 'rv64g', then extensions, such as rv64gc_zba_zbb");
}
