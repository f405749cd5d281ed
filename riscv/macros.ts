import type { BaseMnemonic } from './instruction-table';

/**
 * The operands of a macro: registers, an address written as an expression, and a constant of up to 64 bits. A temporary is a
 * register that the macro overwrites on the way.
 */
export type MacroOperand = 'rd' | 'rs2' | 'frd' | 'frs2' | 'temporary' | 'symbol' | 'constant';

/** A register in a step: one of the macro's operands, or a register number. */
type StepRegister = 'rd' | 'rs2' | 'frd' | 'frs2' | 'temporary' | number;

/**
 * One instruction of a macro. `%pcrel_hi` is the upper part of the distance from this instruction to the symbol, `%pcrel_lo` the
 * lower 12 bits of the distance from the macro's `%pcrel_hi`.
 */
export interface MacroStep {
  readonly mnemonic: BaseMnemonic;
  readonly rd?: StepRegister;
  readonly rs1?: StepRegister;
  readonly rs2?: StepRegister;
  readonly frd?: StepRegister;
  readonly frs2?: StepRegister;
  readonly immediate: number | '%pcrel_hi' | '%pcrel_lo';
}

/** A pseudo-instruction that stands for several instructions. */
export interface Macro {
  readonly name: string;
  readonly operands: readonly MacroOperand[];
  /** The instructions; for li, whose number depends on the constant, see `loadImmediate`. */
  readonly steps: readonly MacroStep[] | 'loadImmediate';
  readonly prose: string;
}

const ra = 1;
const t1 = 6;

/** The macros that GNU as takes, position-independent but without a global offset table. */
export const macros: readonly Macro[] = [
  { name: 'li', operands: ['rd', 'constant'], steps: 'loadImmediate', prose: 'Loads a constant of up to 64 bits.' },
  address('la'),
  address('lla'),
  threadAddress('la.tls.ie', 'ld', 'Loads the offset of a thread-local symbol from tp, which the global offset table has.'),
  threadAddress('la.tls.gd', 'addi', 'Loads the address of the two words for __tls_get_addr that find a thread-local symbol.'),
  jumpTo('call', ['symbol'], ra, ra, 'Calls the symbol, however far it is, with the return address in ra.'),
  jumpTo('call', ['rd', 'symbol'], t1, 'rd', 'Calls the symbol, however far it is, with the return address in rd; changes t1.'),
  jumpTo('tail', ['symbol'], t1, 0, 'Jumps to the symbol, however far it is, as a call that does not come back here; changes t1.'),
  jumpTo('jump', ['symbol', 'temporary'], 'temporary', 0, 'Jumps to the symbol, however far it is.'),
  load('lb', 'Loads the byte at the symbol and sign-extends it.'),
  load('lh', 'Loads the halfword (2 bytes) at the symbol and sign-extends it.'),
  load('lw', 'Loads the word (4 bytes) at the symbol and sign-extends it.'),
  load('ld', 'Loads the doubleword (8 bytes) at the symbol.'),
  load('lbu', 'Loads the byte at the symbol and zero-extends it.'),
  load('lhu', 'Loads the halfword (2 bytes) at the symbol and zero-extends it.'),
  load('lwu', 'Loads the word (4 bytes) at the symbol and zero-extends it.'),
  store('sb', 'Stores the lowest byte of rs2 at the symbol.'),
  store('sh', 'Stores the lowest halfword (2 bytes) of rs2 at the symbol.'),
  store('sw', 'Stores the lower word (4 bytes) of rs2 at the symbol.'),
  store('sd', 'Stores the doubleword (8 bytes) in rs2 at the symbol.'),
  floatLoad('flh', 'Loads the half (2 bytes) at the symbol and boxes it.'),
  floatLoad('flw', 'Loads the single (4 bytes) at the symbol and boxes it.'),
  floatLoad('fld', 'Loads the double (8 bytes) at the symbol.'),
  floatStore('fsh', 'Stores the low halfword (2 bytes) of frs2 at the symbol.'),
  floatStore('fsw', 'Stores the low word (4 bytes) of frs2 at the symbol.'),
  floatStore('fsd', 'Stores the doubleword (8 bytes) in frs2 at the symbol.'),
  extend('sext.b', 56, 'srai', 'Sign-extends the lowest byte of the source.'),
  extend('sext.h', 48, 'srai', 'Sign-extends the lowest halfword (2 bytes) of the source.'),
  extend('zext.h', 48, 'srli', 'Keeps the lowest halfword (2 bytes) of the source, zero-extended.'),
  extend('zext.w', 32, 'srli', 'Keeps the lower word (4 bytes) of the source, zero-extended.'),
];

function address(name: string): Macro {
  const low: MacroStep = { mnemonic: 'addi', rd: 'rd', rs1: 'rd', immediate: '%pcrel_lo' };
  return { name, operands: ['rd', 'symbol'], steps: [upper('rd'), low], prose: 'Loads the address of the symbol.' };
}

function threadAddress(name: string, second: 'ld' | 'addi', prose: string): Macro {
  const low: MacroStep = { mnemonic: second, rd: 'rd', rs1: 'rd', immediate: '%pcrel_lo' };
  return { name, operands: ['rd', 'symbol'], steps: [upper('rd'), low], prose };
}

function jumpTo(name: string, operands: readonly MacroOperand[], base: StepRegister, link: StepRegister, prose: string): Macro {
  return { name, operands, steps: [upper(base), { mnemonic: 'jalr', rd: link, rs1: base, immediate: '%pcrel_lo' }], prose };
}

function load(name: BaseMnemonic, prose: string): Macro {
  const low: MacroStep = { mnemonic: name, rd: 'rd', rs1: 'rd', immediate: '%pcrel_lo' };
  return { name, operands: ['rd', 'symbol'], steps: [upper('rd'), low], prose };
}

function store(name: BaseMnemonic, prose: string): Macro {
  const low: MacroStep = { mnemonic: name, rs1: 'temporary', rs2: 'rs2', immediate: '%pcrel_lo' };
  return throughTemporary(name, 'rs2', low, prose);
}

function floatLoad(name: BaseMnemonic, prose: string): Macro {
  const low: MacroStep = { mnemonic: name, frd: 'frd', rs1: 'temporary', immediate: '%pcrel_lo' };
  return throughTemporary(name, 'frd', low, prose);
}

function floatStore(name: BaseMnemonic, prose: string): Macro {
  const low: MacroStep = { mnemonic: name, rs1: 'temporary', frs2: 'frs2', immediate: '%pcrel_lo' };
  return throughTemporary(name, 'frs2', low, prose);
}

function throughTemporary(name: string, first: MacroOperand, low: MacroStep, prose: string): Macro {
  return {
    name,
    operands: [first, 'symbol', 'temporary'],
    steps: [upper('temporary'), low],
    prose: `${prose} The third operand is overwritten.`,
  };
}

function extend(name: string, shift: number, back: 'srai' | 'srli', prose: string): Macro {
  const steps: MacroStep[] = [
    { mnemonic: 'slli', rd: 'rd', rs1: 'rs2', immediate: shift },
    { mnemonic: back, rd: 'rd', rs1: 'rd', immediate: shift },
  ];
  return { name, operands: ['rd', 'rs2'], steps, prose };
}

function upper(rd: StepRegister): MacroStep {
  return { mnemonic: 'auipc', rd, immediate: '%pcrel_hi' };
}
