/** Some bits of a CSR that have a meaning of their own. */
export interface CsrField {
  readonly name: string;
  /** The highest and lowest bit. */
  readonly high: number;
  readonly low: number;
  /** What its values are called, from 0 on; `undefined` for one that has no name. */
  readonly values?: readonly (string | undefined)[];
}

const onOff = (name: string, bit: number): CsrField => ({ name, high: bit, low: bit });
const privileges = ['user', 'supervisor', undefined, 'machine'] as const;
const extensionStates = ['Off', 'Initial', 'Clean', 'Dirty'] as const;
const widths = [undefined, '32', '64', '128'] as const;
const roundingModes = ['rne', 'rtz', 'rdn', 'rup', 'rmm'] as const;

const interrupts = (end: string) => [onOff(`MEI${end}`, 11), onOff(`MTI${end}`, 7), onOff(`MSI${end}`, 3)];
const counters = [onOff('IR', 2), onOff('TM', 1), onOff('CY', 0)];
const flags = [onOff('NV', 4), onOff('DZ', 3), onOff('OF', 2), onOff('UF', 1), onOff('NX', 0)];
const rounding = (low: number): CsrField => ({ name: 'frm', high: low + 2, low, values: roundingModes });

/** Volume II, chapter "Machine-Level ISA", and Volume I, chapter "F": the fields that a hart of machine and user mode has. */
const fields: Readonly<Record<string, readonly CsrField[]>> = {
  mstatus: [
    onOff('SD', 63),
    { name: 'UXL', high: 33, low: 32, values: widths },
    onOff('TW', 21),
    onOff('MPRV', 17),
    { name: 'FS', high: 14, low: 13, values: extensionStates },
    { name: 'MPP', high: 12, low: 11, values: privileges },
    onOff('MPIE', 7),
    onOff('MIE', 3),
  ],
  misa: [
    { name: 'MXL', high: 63, low: 62, values: widths },
    ...[...'VUSMIFDCBA'].map((letter) => onOff(letter, letter.charCodeAt(0) - 'A'.charCodeAt(0))),
  ],
  mtvec: [
    { name: 'BASE', high: 63, low: 2 },
    { name: 'MODE', high: 1, low: 0, values: ['direct', 'vectored'] },
  ],
  mcause: [
    { name: 'Interrupt', high: 63, low: 63 },
    { name: 'Code', high: 62, low: 0 },
  ],
  mie: interrupts('E'),
  mip: interrupts('P'),
  mcounteren: counters,
  mcountinhibit: [onOff('IR', 2), onOff('CY', 0)],
  fcsr: [rounding(5), ...flags],
  frm: [rounding(0)],
  fflags: flags,
  pmpcfg0: protections(0),
  pmpcfg2: protections(8),
};

/** The fields of a CSR, from the highest down; empty for one that is a whole. */
export function fieldsOf(name: string): readonly CsrField[] {
  return fields[name] ?? [];
}

/** What a field holds. */
export function fieldOf(csr: bigint, { high, low }: CsrField): bigint {
  return BigInt.asUintN(high - low + 1, csr >> BigInt(low));
}

/** The CSR with a value in the field, of which only the bits that fit are taken. */
export function withField(csr: bigint, { high, low }: CsrField, value: bigint): bigint {
  const mask = ((1n << BigInt(high - low + 1)) - 1n) << BigInt(low);
  return (csr & ~mask) | ((value << BigInt(low)) & mask);
}

/** What mcause says, in words (Volume II, table "Machine cause register values after trap"). */
export function causeName(mcause: bigint): string {
  const code = Number(BigInt.asUintN(63, mcause));
  const name = mcause >> 63n ? interruptNames[code] : exceptionNames[code];
  return name ?? (mcause >> 63n ? `interrupt ${code}` : `exception ${code}`);
}

const interruptNames: Readonly<Record<number, string>> = {
  1: 'supervisor software interrupt',
  3: 'machine software interrupt',
  5: 'supervisor timer interrupt',
  7: 'machine timer interrupt',
  9: 'supervisor external interrupt',
  11: 'machine external interrupt',
};

const exceptionNames: readonly (string | undefined)[] = [
  'instruction address misaligned',
  'instruction access fault',
  'illegal instruction',
  'breakpoint',
  'load address misaligned',
  'load access fault',
  'store/AMO address misaligned',
  'store/AMO access fault',
  'environment call from user mode',
  'environment call from supervisor mode',
  undefined,
  'environment call from machine mode',
  'instruction page fault',
  'load page fault',
  undefined,
  'store/AMO page fault',
];

/** The eight entries of a pmpcfg register, the first of which is number `first`. */
function protections(first: number): CsrField[] {
  return Array.from({ length: 8 }, (_, index) => index)
    .reverse()
    .flatMap((index) => [
      onOff(`pmp${first + index}.L`, 8 * index + 7),
      { name: `pmp${first + index}.A`, high: 8 * index + 4, low: 8 * index + 3, values: ['OFF', 'TOR', 'NA4', 'NAPOT'] },
      onOff(`pmp${first + index}.X`, 8 * index + 2),
      onOff(`pmp${first + index}.W`, 8 * index + 1),
      onOff(`pmp${first + index}.R`, 8 * index),
    ]);
}
