import type { Extension } from '../../riscv/instruction-row';
import type { Isa } from '../../riscv/isa-string';

const letters: readonly Extension[] = ['I', 'M', 'A', 'F', 'D', 'C'];

/** AT_HWCAP: one bit for each single-letter extension of the hart (arch/riscv/include/uapi/asm/hwcap.h). */
export function hardwareCapabilities(isa: Isa): bigint {
  return letters.reduce((bits, letter) => (isa.has(letter) ? bits | (1n << BigInt(letter.charCodeAt(0) - 65)) : bits), 0n);
}

/** The ISA string of /proc/cpuinfo. */
export function isaText(isa: Isa): string {
  const named = [...isa].filter((extension) => extension.length > 1).map((extension) => extension.toLowerCase());
  const single = letters.filter((letter) => isa.has(letter)).map((letter) => letter.toLowerCase());
  return [`rv64${single.join('')}`, ...named.sort()].join('_');
}

/** The bits of RISCV_HWPROBE_KEY_IMA_EXT_0 (arch/riscv/include/uapi/asm/hwprobe.h): what must be there for each. */
const probed: readonly (readonly [bit: bigint, ...needed: Extension[]])[] = [
  [0n, 'F', 'D'],
  [1n, 'C'],
  [3n, 'Zba'],
  [4n, 'Zbb'],
  [5n, 'Zbs'],
  [6n, 'Zicboz'],
  [7n, 'Zbc'],
  [27n, 'Zfh'],
  [28n, 'Zfhmin'],
  [32n, 'Zfa'],
  [35n, 'Zicond'],
  [36n, 'Zihintpause'],
  [44n, 'Zcb'],
];

/** What riscv_hwprobe says of the extensions of a hart. */
export function probedExtensions(isa: Isa): bigint {
  return probed.reduce((bits, [bit, ...needed]) => (needed.every((one) => isa.has(one)) ? bits | (1n << bit) : bits), 0n);
}
