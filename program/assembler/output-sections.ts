import { offsetOf, sizeOfSection } from './relax';
import { type Section, SHF_ALLOC, SHF_EXECINSTR, SHF_TLS, SHF_WRITE, SHT_NOBITS, SHT_PROGBITS } from './section';
import { SHF_GROUP, SHF_MERGE, SHF_STRINGS } from './section-attributes';

/** A section of the linked program: sections of that name of all sources, one after the other. */
export interface OutputSection {
  readonly name: string;
  readonly type: number;
  flags: number;
  entrySize: number;
  readonly inputs: { readonly section: Section; offset: number }[];
  /** Contents that come from no input. */
  readonly bytes?: Uint8Array;
  readonly hasBits: boolean;
  alignment: number;
  size: number;
  address: bigint;
}

const mergeable = SHF_MERGE | SHF_STRINGS;

/** Segments start at multiples of this, so that each page has the permissions of one segment. */
export const pageSize = 4096;

/** The sections that are loaded, or those that are not, in the order in which they stand in the file. */
export function collect(sections: readonly Section[], loaded: boolean): OutputSection[] {
  const outputs = new Map<string, OutputSection>();
  for (const section of sections) {
    if (((section.attributes.flags & SHF_ALLOC) !== 0) !== loaded || section.name === '.note.GNU-stack') continue;
    add(outputs, section);
  }
  const all = [...outputs.values()].filter(
    (output) => output.size > 0 || output.inputs.some(({ section }) => section.isReferenced) || output.name === '.text',
  );
  return loaded
    ? all
        .map((output, index) => ({ output, index }))
        .sort((a, b) => rank(a.output) - rank(b.output) || a.index - b.index)
        .map(({ output }) => output)
    : all;
}

function add(outputs: Map<string, OutputSection>, section: Section): void {
  const name = outputName(section.name);
  const { type, entrySize } = section.attributes;
  const flags = section.attributes.flags & ~SHF_GROUP;
  const key = `${name} ${flags & (SHF_WRITE | SHF_EXECINSTR)} ${type === SHT_NOBITS}`;
  let output = outputs.get(key);
  if (!output) {
    output = { name, type, flags, entrySize, inputs: [], hasBits: type !== SHT_NOBITS, alignment: 1, size: 0, address: 0n };
    outputs.set(key, output);
  }
  // As GNU ld has it: what is not mergeable alike is not mergeable together.
  const isAlike = output.entrySize === entrySize && ((output.flags ^ flags) & mergeable) === 0;
  if (!isAlike) {
    output.entrySize = 0;
    output.flags &= ~mergeable;
  }
  const input = { section, offset: 0 };
  output.inputs.push(input);
  append(output, input);
  output.alignment = Math.max(output.alignment, section.alignment);
}

/** Puts an input to the end of what its output section has so far. */
function append(output: OutputSection, input: OutputSection['inputs'][number]): void {
  input.offset = alignUp(output.size, input.section.alignment);
  output.size = input.offset + sizeOfSection(input.section);
}

/** GNU ld puts `.text.name` into `.text`, and so on. */
export function outputName(name: string): string {
  const match =
    /^(\.text|\.rodata|\.data\.rel\.ro|\.data|\.sdata|\.bss|\.sbss|\.tdata|\.tbss|\.init_array|\.fini_array|\.gcc_except_table)\./.exec(
      name,
    );
  return match ? match[1]! : name;
}

/** Code, then constants, then data; what has no bytes in the file last. */
function rank({ name, flags, hasBits }: OutputSection): number {
  const segment = segmentOf(flags) * 10;
  if (name === '.text') return segment;
  if (flags & SHF_TLS) return segment + (hasBits ? 0 : 0.5);
  const within = ['', '.rodata', '.data', '.got', '.sdata'].indexOf(name);
  return segment + (hasBits ? (within < 0 ? 3 : within === 4 ? 6 : within) : name === '.sbss' ? 7 : 8);
}

/** Which segment a section belongs to: 0 code, 1 constants, 2 writable code, 3 data. */
export function segmentOf(flags: number): 0 | 1 | 2 | 3 {
  if (flags & SHF_EXECINSTR) return flags & SHF_WRITE ? 2 : 0;
  return flags & SHF_WRITE ? 3 : 1;
}

/** Gives the loaded sections their addresses: the first at `textAddress`, each segment on pages of its own. */
export function placeLoaded(outputs: readonly OutputSection[], textAddress: bigint): void {
  layOutLoaded(outputs, textAddress, () => {});
}

/** The same where `settle` changes the size of each section when it is there, with those after it still at the addresses that they had. */
export function layOutLoaded(outputs: readonly OutputSection[], textAddress: bigint, settle: (section: Section) => void): void {
  let address = textAddress;
  let segment: number | undefined;
  for (const output of outputs) {
    const own = segmentOf(output.flags);
    if (segment !== undefined && own !== segment) address = alignAddress(address, pageSize);
    segment = own;
    place(output, alignAddress(address, output.alignment));
    output.size = 0;
    for (const input of output.inputs) {
      settle(input.section);
      append(output, input);
      input.section.address = output.address + BigInt(input.offset);
    }
    if (!isThreadZeros(output)) address = output.address + BigInt(output.size);
  }
}

/** Each thread gets its own copy of the zeros of `.tbss`: the program itself has no place for them. */
export function isThreadZeros({ flags, hasBits }: OutputSection): boolean {
  return (flags & SHF_TLS) !== 0 && !hasBits;
}

/** Sections that are not loaded all start at 0. */
export function placeUnloaded(outputs: readonly OutputSection[]): void {
  for (const output of outputs) place(output, 0n);
}

function place(output: OutputSection, address: bigint): void {
  output.address = address;
  for (const { section, offset } of output.inputs) section.address = address + BigInt(offset);
}

export function totalBytes(outputs: readonly OutputSection[]): number {
  return outputs.reduce((sum, { size, hasBits }) => sum + (hasBits ? size : 0), 0);
}

/** The address of a place once its section has one. */
export function addressOf(at: Parameters<typeof offsetOf>[0]): bigint {
  return at.section.address + BigInt(offsetOf(at));
}

export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

function alignAddress(address: bigint, alignment: number): bigint {
  const unit = BigInt(alignment);
  return ((address + unit - 1n) / unit) * unit;
}

export const outputOf = (name: string, bytes: Uint8Array, type = SHT_PROGBITS): OutputSection => ({
  name,
  type,
  flags: 0,
  entrySize: 0,
  inputs: [],
  bytes,
  hasBits: true,
  alignment: 1,
  size: bytes.length,
  address: 0n,
});
