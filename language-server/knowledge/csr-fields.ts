/** A field of a CSR: bits `high` to `low` (Volume II, chapters "Machine-Level ISA" and "Supervisor-Level ISA"; Volume I, "F"). */
export interface CsrField {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  readonly prose: string;
}

/** The fields of a CSR by its name; empty where it is one number. */
export function csrFields(name: string): readonly CsrField[] {
  return table[name] ?? (/^pmpcfg\d+$/.test(name) ? pmpConfiguration() : []);
}

type Row = readonly [name: string, high: number, low: number, prose: string];

// biome-ignore format: one row per line.
const status: readonly Row[] = [
  ['SIE', 1, 1, 'interrupts on in supervisor mode'],
  ['MIE', 3, 3, 'interrupts on in machine mode'],
  ['SPIE', 5, 5, 'SIE before the trap'],
  ['UBE', 6, 6, 'big-endian data in user mode'],
  ['MPIE', 7, 7, 'MIE before the trap'],
  ['SPP', 8, 8, 'mode before the trap into supervisor mode'],
  ['VS', 10, 9, 'vector state: off, initial, clean, dirty'],
  ['MPP', 12, 11, 'mode before the trap into machine mode: 0 user, 1 supervisor, 3 machine'],
  ['FS', 14, 13, 'floating-point state: off, initial, clean, dirty'],
  ['XS', 16, 15, 'state of other extensions'],
  ['MPRV', 17, 17, 'loads and stores as in mode MPP'],
  ['SUM', 18, 18, 'supervisor mode may access user pages'],
  ['MXR', 19, 19, 'executable pages can be read'],
  ['TVM', 20, 20, 'satp and sfence.vma trap in supervisor mode'],
  ['TW', 21, 21, 'wfi traps below machine mode'],
  ['TSR', 22, 22, 'sret traps in supervisor mode'],
  ['UXL', 33, 32, 'width of user mode: 2 is 64 bits'],
  ['SXL', 35, 34, 'width of supervisor mode: 2 is 64 bits'],
  ['SD', 63, 63, 'FS, VS or XS is dirty'],
];
const supervisorStatus = status.filter(([name]) =>
  ['SIE', 'SPIE', 'UBE', 'SPP', 'VS', 'FS', 'XS', 'SUM', 'MXR', 'UXL', 'SD'].includes(name),
);
// biome-ignore format: one row per line.
const interrupts: readonly Row[] = [
  ['SSI', 1, 1, 'supervisor software interrupt'],
  ['MSI', 3, 3, 'machine software interrupt'],
  ['STI', 5, 5, 'supervisor timer interrupt'],
  ['MTI', 7, 7, 'machine timer interrupt'],
  ['SEI', 9, 9, 'supervisor external interrupt'],
  ['MEI', 11, 11, 'machine external interrupt'],
];
const vector: readonly Row[] = [
  ['BASE', 63, 2, 'address of the trap handler, shifted right by 2'],
  ['MODE', 1, 0, '0: all traps go to BASE; 1: interrupts go to BASE + 4 * cause'],
];
const cause: readonly Row[] = [
  ['Interrupt', 63, 63, 'the trap was an interrupt'],
  ['Code', 62, 0, 'which exception or interrupt'],
];
const flags: readonly Row[] = [
  ['NX', 0, 0, 'inexact'],
  ['UF', 1, 1, 'underflow'],
  ['OF', 2, 2, 'overflow'],
  ['DZ', 3, 3, 'division by zero'],
  ['NV', 4, 4, 'invalid operation'],
];
const rounding = 'rounding mode: 0 nearest even, 1 towards zero, 2 down, 3 up, 4 nearest away';
const counters: readonly Row[] = [
  ['CY', 0, 0, 'cycle'],
  ['TM', 1, 1, 'time'],
  ['IR', 2, 2, 'instret'],
  ['HPM', 31, 3, 'hpmcounter3 to hpmcounter31'],
];
// biome-ignore format: one row per line.
const exceptions: readonly Row[] = [
  ['InstructionMisaligned', 0, 0, ''], ['InstructionAccess', 1, 1, ''], ['Illegal', 2, 2, ''], ['Breakpoint', 3, 3, ''],
  ['LoadMisaligned', 4, 4, ''], ['LoadAccess', 5, 5, ''], ['StoreMisaligned', 6, 6, ''], ['StoreAccess', 7, 7, ''],
  ['EcallU', 8, 8, ''], ['EcallS', 9, 9, ''], ['InstructionPage', 12, 12, ''], ['LoadPage', 13, 13, ''], ['StorePage', 15, 15, ''],
];
const environment: readonly Row[] = [
  ['FIOM', 0, 0, 'fences of I/O order memory too'],
  ['CBIE', 5, 4, 'cbo.inval below this mode: 0 traps, 1 flushes, 3 invalidates'],
  ['CBCFE', 6, 6, 'cbo.clean and cbo.flush allowed below this mode'],
  ['CBZE', 7, 7, 'cbo.zero allowed below this mode'],
  ['PBMTE', 62, 62, 'page-based memory types'],
  ['STCE', 63, 63, 'stimecmp present'],
];

const table: Readonly<Record<string, readonly CsrField[]>> = Object.fromEntries(
  Object.entries({
    mstatus: status,
    sstatus: supervisorStatus,
    mie: named(interrupts, 'E'),
    mip: named(interrupts, 'P'),
    sie: named(supervisorOnly(interrupts), 'E'),
    sip: named(supervisorOnly(interrupts), 'P'),
    mideleg: interrupts,
    medeleg: exceptions,
    mtvec: vector,
    stvec: vector,
    mcause: cause,
    scause: cause,
    fflags: flags,
    frm: [['FRM', 2, 0, rounding]],
    fcsr: [['FRM', 7, 5, rounding], ...flags],
    mcounteren: counters,
    scounteren: counters,
    mcountinhibit: counters.filter(([name]) => name !== 'TM'),
    menvcfg: environment,
    senvcfg: environment.filter(([name]) => name !== 'PBMTE' && name !== 'STCE'),
    misa: [
      ['MXL', 63, 62, 'width: 2 is 64 bits'],
      ['Extensions', 25, 0, 'one bit a letter: A is bit 0, C bit 2, D bit 3, F bit 5, I bit 8, M bit 12, S bit 18, U bit 20'],
    ],
    satp: [
      ['MODE', 63, 60, '0 none, 8 Sv39, 9 Sv48, 10 Sv57'],
      ['ASID', 59, 44, 'number of the address space'],
      ['PPN', 43, 0, 'page of the root table'],
    ],
    vtype: [
      ['vill', 63, 63, 'the setting is not supported'],
      ['vma', 7, 7, 'masked elements may be overwritten'],
      ['vta', 6, 6, 'tail elements may be overwritten'],
      ['vsew', 5, 3, 'element width: 8 << vsew bits'],
      ['vlmul', 2, 0, 'registers in a group'],
    ],
  } satisfies Record<string, readonly Row[]>).map(([name, rows]) => [name, fieldsOf(rows)]),
);

function fieldsOf(rows: readonly Row[]): CsrField[] {
  return rows.map(([name, high, low, prose]) => ({ name, high, low, prose })).sort((left, right) => right.high - left.high);
}

function named(rows: readonly Row[], suffix: string): Row[] {
  return rows.map(([name, high, low, prose]) => [name + suffix, high, low, prose]);
}

function supervisorOnly(rows: readonly Row[]): Row[] {
  return rows.filter(([name]) => name.startsWith('S'));
}

function pmpConfiguration(): CsrField[] {
  return fieldsOf([
    ['R', 0, 0, 'readable'],
    ['W', 1, 1, 'writable'],
    ['X', 2, 2, 'executable'],
    ['A', 4, 3, 'matching: 0 off, 1 top of range, 2 four bytes, 3 power of two'],
    ['L', 7, 7, 'locked; the same 8 bits repeat for each entry'],
  ]);
}
