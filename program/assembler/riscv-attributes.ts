import type { Extension } from '../../riscv/instruction-row';
import { encodeLeb128 } from './leb128';
import { type OutputSection, outputOf } from './output-sections';
import type { SourceAssembler } from './source-assembler';

export const SHT_RISCV_ATTRIBUTES = 0x70000003;

const tagFile = 1;
const tagStackAlign = 4;
const tagArch = 5;

/** Tags with the names that `.attribute` takes (RISC-V ELF psABI, section "Attributes"); those of odd numbers are texts. */
export const attributeTags: Readonly<Record<string, number>> = {
  stack_align: tagStackAlign,
  arch: tagArch,
  unaligned_access: 6,
  priv_spec: 8,
  priv_spec_minor: 10,
  priv_spec_revision: 12,
};

/** Versions as GNU as gives them, with extensions that only come with others; those that are left out it does not name. */
const versions: Partial<Record<Extension, string>> = {
  I: 'i2p1',
  M: 'm2p0',
  A: 'a2p1',
  F: 'f2p2',
  D: 'd2p2',
  C: 'c2p0',
  Zicbom: 'zicbom1p0',
  Zicbop: 'zicbop1p0',
  Zicboz: 'zicboz1p0',
  Zicond: 'zicond1p0',
  Zicsr: 'zicsr2p0',
  Zifencei: 'zifencei2p0',
  Zihintntl: 'zihintntl1p0',
  Zihintpause: 'zihintpause2p0',
  Zfa: 'zfa1p0',
  Zfh: 'zfh1p0',
  Zfhmin: 'zfhmin1p0',
  Zcb: 'zcb1p0',
  Zba: 'zba1p0',
  Zbb: 'zbb1p0',
  Zbc: 'zbc1p0',
  Zbs: 'zbs1p0',
};

/** The letters in whose order GNU as sorts the names of single letters, and those that begin with z by their second letter. */
const letterOrder = 'iemafdqlcbkjtpvnh';

function architectureOf(sources: readonly SourceAssembler[]): string {
  const names = new Set<string>();
  for (const { options } of sources) {
    for (const extension of options.used) {
      const name = versions[extension];
      if (name) names.add(name);
      if (extension === 'M') names.add('zmmul1p0');
    }
  }
  const rank = (name: string) => (name.startsWith('z') ? 100 + letterOrder.indexOf(name[1]!) : letterOrder.indexOf(name[0]!));
  return `rv64${[...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).join('_')}`;
}

/** `.riscv.attributes`: what `.attribute` says, and the architecture of all sources. */
export function attributesSection(sources: readonly SourceAssembler[]): OutputSection {
  const text = new TextEncoder();
  const values = new Map<number, bigint | string>();
  for (const { attributes } of sources) for (const [tag, value] of attributes) if (!values.has(tag)) values.set(tag, value);
  values.set(tagArch, architectureOf(sources));
  const attributes: number[] = [];
  for (const [tag, value] of [...values].sort(([a], [b]) => a - b)) {
    if (value === 0n) continue;
    attributes.push(...encodeLeb128(BigInt(tag), false));
    attributes.push(...(typeof value === 'string' ? text.encode(`${value}\0`) : encodeLeb128(value, false)));
  }
  const file = [tagFile, ...word(attributes.length + 5), ...attributes];
  const vendor = text.encode('riscv\0');
  const bytes = Uint8Array.from([0x41, ...word(4 + vendor.length + file.length), ...vendor, ...file]);
  return outputOf('.riscv.attributes', bytes, SHT_RISCV_ATTRIBUTES);
}

const [EF_RISCV_RVC, EF_RISCV_FLOAT_ABI_SINGLE, EF_RISCV_FLOAT_ABI_DOUBLE] = [1, 2, 4];

/** e_flags: compressed code, and the calling convention, which GNU as takes from the extensions of floating point. */
export function headerFlags(sources: readonly SourceAssembler[]): number {
  const has = (extension: Extension) => sources.some(({ options }) => options.used.has(extension));
  const convention = has('D') ? EF_RISCV_FLOAT_ABI_DOUBLE : has('F') ? EF_RISCV_FLOAT_ABI_SINGLE : 0;
  return (has('C') ? EF_RISCV_RVC : 0) | convention;
}

function word(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24];
}
