/** A control and status register: Volume II, section "CSR Listing", and the extensions that add to it. */
export interface Csr {
  readonly number: number;
  readonly name: string;
  readonly prose: string;
}

// biome-ignore format: one register per line.
const single: readonly (readonly [number: number, name: string, prose: string])[] = [
  [0x001, 'fflags', 'Floating-point exceptions that have occurred.'],
  [0x002, 'frm', 'Floating-point rounding mode.'],
  [0x003, 'fcsr', 'Floating-point rounding mode and exceptions: frm and fflags together.'],
  [0x008, 'vstart', 'First vector element that the next vector instruction handles.'],
  [0x009, 'vxsat', 'Whether a fixed-point vector instruction has saturated.'],
  [0x00a, 'vxrm', 'Fixed-point rounding mode of vector instructions.'],
  [0x00f, 'vcsr', 'vxrm and vxsat together.'],
  [0x015, 'seed', 'Entropy for random number generators; each read gives fresh bits.'],
  [0xc00, 'cycle', 'Clock cycles that the hart has run.'],
  [0xc01, 'time', 'The wall clock, in ticks of its timebase.'],
  [0xc02, 'instret', 'Instructions that the hart has retired.'],
  [0xc20, 'vl', 'Number of vector elements in use.'],
  [0xc21, 'vtype', 'Element width, grouping and tail rules of the vector registers.'],
  [0xc22, 'vlenb', 'Size of a vector register in bytes.'],

  [0x100, 'sstatus', 'Supervisor status: the part of mstatus that supervisor mode may see.'],
  [0x104, 'sie', 'Which supervisor interrupts are enabled.'],
  [0x105, 'stvec', 'Address of the supervisor trap handler, and its mode.'],
  [0x106, 'scounteren', 'Which counters user mode may read.'],
  [0x10a, 'senvcfg', 'Settings of the environment of user mode.'],
  [0x140, 'sscratch', 'A register for the supervisor trap handler to use.'],
  [0x141, 'sepc', 'Address of the instruction at which supervisor mode was entered by a trap.'],
  [0x142, 'scause', 'Cause of the last trap into supervisor mode.'],
  [0x143, 'stval', 'Faulting address or instruction of the last trap into supervisor mode.'],
  [0x144, 'sip', 'Which supervisor interrupts are pending.'],
  [0x14d, 'stimecmp', 'The time at which the supervisor timer interrupt comes.'],
  [0x150, 'siselect', 'Which register sireg stands for.'],
  [0x151, 'sireg', 'The register that siselect selects.'],
  [0x15c, 'stopei', 'The most urgent external interrupt for supervisor mode.'],
  [0x180, 'satp', 'Address translation: root page table, address space, mode.'],
  [0x5a8, 'scontext', 'Context number of supervisor mode, for debug triggers.'],
  [0xda0, 'scountovf', 'Which performance counters have overflowed.'],
  [0xdb0, 'stopi', 'The most urgent interrupt for supervisor mode.'],

  [0x200, 'vsstatus', 'sstatus of the guest.'],
  [0x204, 'vsie', 'sie of the guest.'],
  [0x205, 'vstvec', 'stvec of the guest.'],
  [0x240, 'vsscratch', 'sscratch of the guest.'],
  [0x241, 'vsepc', 'sepc of the guest.'],
  [0x242, 'vscause', 'scause of the guest.'],
  [0x243, 'vstval', 'stval of the guest.'],
  [0x244, 'vsip', 'sip of the guest.'],
  [0x24d, 'vstimecmp', 'stimecmp of the guest.'],
  [0x250, 'vsiselect', 'siselect of the guest.'],
  [0x251, 'vsireg', 'sireg of the guest.'],
  [0x25c, 'vstopei', 'stopei of the guest.'],
  [0x280, 'vsatp', 'satp of the guest.'],
  [0xeb0, 'vstopi', 'stopi of the guest.'],
  [0x600, 'hstatus', 'Hypervisor status.'],
  [0x602, 'hedeleg', 'Which exceptions the hypervisor leaves to the guest.'],
  [0x603, 'hideleg', 'Which interrupts the hypervisor leaves to the guest.'],
  [0x604, 'hie', 'Which hypervisor interrupts are enabled.'],
  [0x605, 'htimedelta', 'What is added to the clock for the guest.'],
  [0x606, 'hcounteren', 'Which counters the guest may read.'],
  [0x607, 'hgeie', 'Which external interrupts of guests are enabled.'],
  [0x608, 'hvien', 'Which interrupts the hypervisor injects by itself.'],
  [0x609, 'hvictl', 'How interrupts appear to the guest.'],
  [0x60a, 'henvcfg', 'Settings of the environment of the guest.'],
  [0x643, 'htval', 'Faulting guest physical address of the last trap into the hypervisor.'],
  [0x644, 'hip', 'Which hypervisor interrupts are pending.'],
  [0x645, 'hvip', 'Which interrupts the hypervisor injects into the guest.'],
  [0x646, 'hviprio1', 'Priorities of guest interrupts, first half.'],
  [0x647, 'hviprio2', 'Priorities of guest interrupts, second half.'],
  [0x64a, 'htinst', 'The instruction that trapped into the hypervisor, transformed.'],
  [0x680, 'hgatp', 'Translation of guest physical addresses: root page table, guest number, mode.'],
  [0x6a8, 'hcontext', 'Context number of the guest, for debug triggers.'],
  [0xe12, 'hgeip', 'Which external interrupts of guests are pending.'],

  [0x300, 'mstatus', 'Machine status: interrupt enables, previous modes, memory access rules.'],
  [0x301, 'misa', 'The base width and extensions of the hart.'],
  [0x302, 'medeleg', 'Which exceptions machine mode leaves to supervisor mode.'],
  [0x303, 'mideleg', 'Which interrupts machine mode leaves to supervisor mode.'],
  [0x304, 'mie', 'Which interrupts are enabled.'],
  [0x305, 'mtvec', 'Address of the machine trap handler, and its mode.'],
  [0x306, 'mcounteren', 'Which counters the next lower mode may read.'],
  [0x308, 'mvien', 'Which interrupts machine mode injects into supervisor mode by itself.'],
  [0x309, 'mvip', 'Which injected interrupts for supervisor mode are pending.'],
  [0x30a, 'menvcfg', 'Settings of the environment of the lower modes.'],
  [0x320, 'mcountinhibit', 'Which counters stand still.'],
  [0x340, 'mscratch', 'A register for the machine trap handler to use.'],
  [0x341, 'mepc', 'Address of the instruction at which machine mode was entered by a trap.'],
  [0x342, 'mcause', 'Cause of the last trap into machine mode.'],
  [0x343, 'mtval', 'Faulting address or instruction of the last trap into machine mode.'],
  [0x344, 'mip', 'Which interrupts are pending.'],
  [0x34a, 'mtinst', 'The instruction that trapped into machine mode, transformed.'],
  [0x34b, 'mtval2', 'Faulting guest physical address of the last trap into machine mode.'],
  [0x350, 'miselect', 'Which register mireg stands for.'],
  [0x351, 'mireg', 'The register that miselect selects.'],
  [0x35c, 'mtopei', 'The most urgent external interrupt for machine mode.'],
  [0x747, 'mseccfg', 'Security settings of machine mode.'],
  [0xb00, 'mcycle', 'Clock cycles that the hart has run; writable.'],
  [0xb02, 'minstret', 'Instructions that the hart has retired; writable.'],
  [0xf11, 'mvendorid', 'The maker of the hart, as a JEDEC number.'],
  [0xf12, 'marchid', 'The microarchitecture of the hart.'],
  [0xf13, 'mimpid', 'The version of the implementation.'],
  [0xf14, 'mhartid', 'The number of the hart.'],
  [0xf15, 'mconfigptr', 'Address of a description of the hart.'],
  [0xfb0, 'mtopi', 'The most urgent interrupt for machine mode.'],

  [0x7a0, 'tselect', 'Which debug trigger tdata1 to tdata3 stand for.'],
  [0x7a1, 'tdata1', 'Type and settings of the selected debug trigger.'],
  [0x7a2, 'tdata2', 'Value that the selected debug trigger compares.'],
  [0x7a3, 'tdata3', 'More conditions of the selected debug trigger.'],
  [0x7a4, 'tinfo', 'Types that the selected debug trigger can have.'],
  [0x7a5, 'tcontrol', 'Whether debug triggers fire in machine mode.'],
  [0x7a8, 'mcontext', 'Context number of machine mode, for debug triggers.'],
  [0x7aa, 'mscontext', 'Another way to reach scontext.'],
  [0x7b0, 'dcsr', 'Control and status of debug mode.'],
  [0x7b1, 'dpc', 'Address at which the program goes on after debug mode.'],
  [0x7b2, 'dscratch0', 'A register for the debugger to use.'],
  [0x7b3, 'dscratch1', 'Another register for the debugger to use.'],
];

const numbered: readonly (readonly [number: number, name: string, first: number, last: number, prose: string])[] = [
  [0xc03, 'hpmcounter', 3, 31, 'A performance counter.'],
  [0x10c, 'sstateen', 0, 3, 'Which state of extensions user mode may use.'],
  [0x60c, 'hstateen', 0, 3, 'Which state of extensions the guest may use.'],
  [0x30c, 'mstateen', 0, 3, 'Which state of extensions the lower modes may use.'],
  [0x3a0, 'pmpcfg', 0, 15, 'Permissions and matching modes of physical memory protection.'],
  [0x3b0, 'pmpaddr', 0, 63, 'An address of physical memory protection, shifted right by 2.'],
  [0x323, 'mhpmevent', 3, 31, 'The event that the performance counter of that number counts.'],
  [0xb03, 'mhpmcounter', 3, 31, 'A performance counter; writable.'],
];

// biome-ignore format: in columns.
function upperHalves(): readonly (readonly [number: number, name: string])[] {
  return [
  [0x114, 'sie'], [0x154, 'sip'], [0x15d, 'stimecmp'], [0x214, 'vsie'], [0x254, 'vsip'], [0x25d, 'vstimecmp'],
  [0x310, 'mstatus'], [0x313, 'mideleg'], [0x314, 'mie'], [0x318, 'mvien'], [0x319, 'mvip'], [0x31a, 'menvcfg'], [0x354, 'mip'],
  [0x613, 'hideleg'], [0x615, 'htimedelta'], [0x618, 'hvien'], [0x61a, 'henvcfg'], [0x655, 'hvip'], [0x656, 'hviprio1'],
  [0x657, 'hviprio2'], [0x757, 'mseccfg'], [0xb80, 'mcycle'], [0xb82, 'minstret'], [0xc80, 'cycle'], [0xc81, 'time'], [0xc82, 'instret'],
  ...range(3, 31).map((i) => [0x720 + i, `mhpmevent${i}`] as const),
  ...range(3, 31).map((i) => [0xb80 + i, `mhpmcounter${i}`] as const),
  ...range(3, 31).map((i) => [0xc80 + i, `hpmcounter${i}`] as const),
  ...range(0, 3).map((i) => [0x31c + i, `mstateen${i}`] as const),
  ...range(0, 3).map((i) => [0x61c + i, `hstateen${i}`] as const),
  ];
}

/** Every CSR that has a name, by number. */
export function csrs(): readonly Csr[] {
  return known().csrs;
}

/** Made when the first one is looked for: few programs meet a CSR, and a short run would take longer for all of them. */
function known() {
  madeKnown ??= makeKnown();
  return madeKnown;
}

let madeKnown: ReturnType<typeof makeKnown> | undefined;

function makeKnown() {
  const all: Csr[] = [
    ...single.map(([number, name, prose]) => ({ number, name, prose })),
    ...numbered.flatMap(([number, name, first, last, prose]) =>
      range(first, last).map((i) => ({ number: number + i - first, name: `${name}${i}`, prose })),
    ),
    ...upperHalves().map(([number, name]) => ({ number, name: `${name}h`, prose: `The upper 32 bits of ${name}, on RV32.` })),
  ];
  all.sort((a, b) => a.number - b.number);
  const byName: ReadonlyMap<string, Csr> = new Map(all.map((csr) => [csr.name, csr]));
  const byNumber: ReadonlyMap<number, Csr> = new Map(all.map((csr) => [csr.number, csr]));
  return { csrs: all, byName, byNumber } as const;
}

/** Names that GNU as still takes: of older versions of Volume II, of the withdrawn user-level interrupts, and of what a debug trigger is. */
// biome-ignore format: in columns.
const oldNames: ReadonlyMap<string, number> = new Map([
  ['ustatus', 0x000], ['uie', 0x004], ['utvec', 0x005], ['uscratch', 0x040], ['uepc', 0x041], ['ucause', 0x042], ['utval', 0x043],
  ['ubadaddr', 0x043], ['uip', 0x044], ['sedeleg', 0x102], ['sideleg', 0x103], ['sbadaddr', 0x143], ['sptbr', 0x180],
  ['mucounteren', 0x320], ['mscounteren', 0x321], ['mhcounteren', 0x322], ['mbadaddr', 0x343], ['mbase', 0x380], ['mbound', 0x381],
  ['mibase', 0x382], ['mibound', 0x383], ['mdbase', 0x384], ['mdbound', 0x385], ['mcontrol', 0x7a1], ['mcontrol6', 0x7a1],
  ['icount', 0x7a1], ['itrigger', 0x7a1], ['etrigger', 0x7a1], ['tmexttrigger', 0x7a1], ['textra32', 0x7a3], ['textra64', 0x7a3],
  ['dscratch', 0x7b2],
]);

/** The number of the CSR with that name, in lower case; names of the past count. */
export function csrNumber(name: string): number | undefined {
  return known().byName.get(name)?.number ?? oldNames.get(name);
}

/** The name of the CSR of that number (0 to 0xfff), or undefined where it has none. */
export function csrName(number: number): string | undefined {
  return known().byNumber.get(number)?.name;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
