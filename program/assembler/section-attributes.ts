import { type SectionAttributes, SHF_ALLOC, SHF_EXECINSTR, SHF_TLS, SHF_WRITE, SHT_NOBITS, SHT_PROGBITS } from './section';

export const SHT_NOTE = 7;
export const SHT_INIT_ARRAY = 14;
export const SHT_FINI_ARRAY = 15;
export const SHT_PREINIT_ARRAY = 16;
export const SHF_MERGE = 0x10;
export const SHF_STRINGS = 0x20;
const SHF_LINK_ORDER = 0x80;
export const SHF_GROUP = 0x200;
const SHF_GNU_RETAIN = 0x200000;
const SHF_EXCLUDE = 0x80000000;

/** What `.section NAME` means without flags, as GNU as has it (bfd, special sections of ELF). The first that fits holds. */
const standard: readonly (readonly [pattern: RegExp, type: number, flags: number])[] = [
  [/^\.(text|init|fini)(\.|$)|^\.plt$/, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR],
  [/^\.(rodata|rodata1|srodata|sdata2)(\.|$)/, SHT_PROGBITS, SHF_ALLOC],
  [/^\.(bss|sbss)(\.|$)/, SHT_NOBITS, SHF_ALLOC | SHF_WRITE],
  [/^\.tbss(\.|$)/, SHT_NOBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS],
  [/^\.tdata(\.|$)/, SHT_PROGBITS, SHF_ALLOC | SHF_WRITE | SHF_TLS],
  [/^\.(data|data1|sdata|got)(\.|$)/, SHT_PROGBITS, SHF_ALLOC | SHF_WRITE],
  [/^\.init_array(\.|$)/, SHT_INIT_ARRAY, SHF_ALLOC | SHF_WRITE],
  [/^\.fini_array(\.|$)/, SHT_FINI_ARRAY, SHF_ALLOC | SHF_WRITE],
  [/^\.preinit_array(\.|$)/, SHT_PREINIT_ARRAY, SHF_ALLOC | SHF_WRITE],
  [/^\.note\.GNU-stack$/, SHT_PROGBITS, 0],
  [/^\.note(\.|$)/, SHT_NOTE, 0],
];

export function attributesOf(name: string): SectionAttributes {
  return usual.get(name) ?? standardAttributes(name);
}

function standardAttributes(name: string): SectionAttributes {
  const found = standard.find(([pattern]) => pattern.test(name));
  return { type: found?.[1] ?? SHT_PROGBITS, flags: found?.[2] ?? 0, entrySize: 0 };
}

const usual: ReadonlyMap<string, SectionAttributes> = new Map(['.text', '.data', '.bss'].map((name) => [name, standardAttributes(name)]));

const letters: Readonly<Record<string, number>> = {
  a: SHF_ALLOC,
  w: SHF_WRITE,
  x: SHF_EXECINSTR,
  M: SHF_MERGE,
  S: SHF_STRINGS,
  G: SHF_GROUP,
  T: SHF_TLS,
  o: SHF_LINK_ORDER,
  R: SHF_GNU_RETAIN,
  e: SHF_EXCLUDE,
};

/** The flags that a string such as "aw" stands for; undefined where a letter has no meaning. */
export function flagsOf(text: string): number | undefined {
  let flags = 0;
  for (const letter of text) {
    if (!(letter in letters)) return undefined;
    flags |= letters[letter]!;
  }
  return flags >>> 0;
}

/** Flags that ask for another operand of `.section`, in the order of those operands. */
export const takesEntrySize = (flags: number) => (flags & SHF_MERGE) !== 0;
export const takesLink = (flags: number) => (flags & SHF_LINK_ORDER) !== 0;
export const takesGroup = (flags: number) => (flags & SHF_GROUP) !== 0;

export const sectionTypes: Readonly<Record<string, number>> = {
  progbits: SHT_PROGBITS,
  nobits: SHT_NOBITS,
  note: SHT_NOTE,
  init_array: SHT_INIT_ARRAY,
  fini_array: SHT_FINI_ARRAY,
  preinit_array: SHT_PREINIT_ARRAY,
};
