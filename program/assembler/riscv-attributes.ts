import { encodeLeb128 } from './leb128';
import { type OutputSection, outputOf } from './output-sections';

export const SHT_RISCV_ATTRIBUTES = 0x70000003;

/** The instruction set that the assembler knows, with the versions of the ISA manual of 2019. */
const architecture = 'rv64i2p1_m2p0_a2p1_c2p0_zicsr2p0_zifencei2p0_zmmul1p0';

const tagFile = 1;
const tagStackAlign = 4;
const tagArch = 5;

/** `.riscv.attributes` (RISC-V ELF psABI, section "Attributes"): the architecture, and a stack aligned to 16 bytes. */
export function attributesSection(): OutputSection {
  const text = new TextEncoder();
  const attributes = [tagStackAlign, ...encodeLeb128(16n, false), tagArch, ...text.encode(`${architecture}\0`)];
  const file = [tagFile, ...word(attributes.length + 5), ...attributes];
  const vendor = text.encode('riscv\0');
  const bytes = Uint8Array.from([0x41, ...word(4 + vendor.length + file.length), ...vendor, ...file]);
  return outputOf('.riscv.attributes', bytes, SHT_RISCV_ATTRIBUTES);
}

function word(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24];
}
