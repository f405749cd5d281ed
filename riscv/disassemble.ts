import { type Alias, aliases, exactConversions, orderingSuffixes } from './aliases';
import type { ComputedAddresses } from './computed-addresses';
import { csrName } from './csrs';
import { type Decode, decode as decodeAll } from './decode';
import { encode } from './encode';
import { floatConstants } from './float-constants';
import type { Instruction } from './instruction';
import { isHint, type Mnemonic, rowOf } from './instruction-table';
import { type Operand, type OperandKind, operandKinds } from './operands';
import { fNames, xNames } from './registers';
import { roundingModeName } from './rounding';

export interface DisassembleOptions {
  /** Whether to prefer aliases and the base form of compressed instructions, as objdump does by default. True if left out. */
  readonly aliases?: boolean;
  /** For a program of other extensions than all of the table: what else is data then. */
  readonly decode?: Decode;
  /** The text for an address, for example `main+0x8`; objdump puts it in angle brackets after the number. */
  readonly symbolAt?: (address: bigint) => string | undefined;
  /** In a listing, which disassembles from first to last: notes of computed addresses behind the operands, as objdump has them. */
  readonly addresses?: ComputedAddresses;
}

/**
 * The text of an instruction at an address: mnemonic, tab, operands. It is objdump's (binutils 2.40); an instruction whose reserved
 * bits are set is shown as data, as there.
 */
export function disassemble(instruction: Instruction, address: bigint, options: DisassembleOptions = {}): string {
  if (!isCanonical(instruction)) return dataText(instruction.word, instruction.length);
  const { name, operands } = options.aliases === false ? plainForm(instruction) : preferredForm(instruction);
  const texts = operands.map((kind) => operandText(kind, instruction, address, options));
  const computed = options.addresses?.follow(instruction, operands, address);
  const note = computed === undefined ? '' : ` # ${targetText(computed, options)}`;
  return (texts.length > 0 ? `${name}\t${texts.join(',')}` : name) + note;
}

/** The text and size in bytes of whatever is in the low bits of `word`: an instruction, or data where they are none. */
export function disassembleWord(word: number, address: bigint, options: DisassembleOptions = {}): { text: string; length: 2 | 4 } {
  const { decode = decodeAll } = options;
  const instruction = decode(word);
  if (instruction) return { text: disassemble(instruction, address, options), length: instruction.length };
  if ((word & 0xffff) === 0 && decode(compressedNop)) return { text: options.aliases === false ? 'c.unimp' : 'unimp', length: 2 };
  // Encodings of more than 4 bytes end in 11111; their parts are shown by the halfword.
  const length = (word & 3) === 3 && (word & 0x1f) !== 0x1f ? 4 : 2;
  return { text: dataText(length === 2 ? word & 0xffff : word >>> 0, length), length };
}

/** `c.nop`, an instruction where there are compressed ones. */
const compressedNop = 1;

interface Form {
  readonly name: string;
  readonly operands: readonly OperandKind[];
}

/** Aliases that objdump shows even when asked for none, because they are instructions of their own to it; and those that leave out dyn. */
const alwaysShown: ReadonlySet<string> = new Set(['unimp', 'fence.tso', 'c.slli64', 'c.srli64', 'c.srai64']);

const shown = aliases.filter((alias) => alias.use !== 'assembly');
const shownFor: ReadonlyMap<Mnemonic, readonly Alias[]> = new Map(
  shown.map(({ meaning }) => [meaning, shown.filter((alias) => alias.meaning === meaning)]),
);

function preferredForm(instruction: Instruction): Form {
  const { mnemonic, meaning } = instruction;
  // Of the hints objdump shows only c.addi by its base form.
  if (isHint(rowOf(mnemonic), instruction) && mnemonic !== 'c.addi') return alwaysShownForm(instruction) ?? formOf(mnemonic);
  const own = aliasesFor(mnemonic, instruction)[0];
  if (own || mnemonic === meaning) return own ?? plainForm(instruction);
  const candidates = aliasesFor(meaning, instruction);
  const preferred = mnemonic === 'c.addi' ? candidates.find(({ name }) => name === 'add') : candidates[0];
  return preferred ?? formOf(meaning);
}

function plainForm(instruction: Instruction): Form {
  const { mnemonic, immediate } = instruction;
  const always = alwaysShownForm(instruction);
  if (always) return always;
  // c.nop is a kind of c.addi to objdump.
  if (mnemonic === 'c.nop') return formOf('c.addi');
  const form = formOf(mnemonic);
  return rowOf(mnemonic).extension === 'A' ? { ...form, name: mnemonic + orderingSuffixes[immediate] } : form;
}

function alwaysShownForm(instruction: Instruction): Form | undefined {
  return aliasesFor(instruction.mnemonic, instruction).find(({ name, fixed }) => alwaysShown.has(name) || 'roundingMode' in fixed);
}

function aliasesFor(mnemonic: Mnemonic, instruction: Instruction): readonly Alias[] {
  return shownFor.get(mnemonic)?.filter((alias) => fits(alias, instruction)) ?? [];
}

function formOf(mnemonic: Mnemonic): Form {
  return { name: mnemonic, operands: rowOf(mnemonic).operands };
}

function fits({ fixed, operands }: Alias, instruction: Instruction): boolean {
  return (
    (Object.keys(fixed) as (keyof typeof fixed)[]).every((field) => instruction[field] === fixed[field]) &&
    (!operands.includes('frs1=frs2') || instruction.frs1 === instruction.frs2)
  );
}

/** The decoder ignores the fields that fence and fence.i reserve; no text of theirs says what is in them. */
function isCanonical(instruction: Instruction): boolean {
  if (exactConversions.has(instruction.mnemonic)) return instruction.roundingMode === 0;
  if (instruction.meaning !== 'fence' && instruction.meaning !== 'fence.i') return true;
  const isOrdinary = instruction.immediate < 0x100 || instruction.immediate === 0x833;
  return isOrdinary && encode(instruction.mnemonic, instruction) === instruction.word;
}

function operandText(kind: OperandKind, instruction: Instruction, address: bigint, options: DisassembleOptions): string {
  const operand: Operand = operandKinds[kind];
  const { immediate } = instruction;
  switch (operand.syntax) {
    case 'register':
      return xNames[instruction[operand.fields[0]!]]!;
    case 'float register':
      return fNames[instruction[operand.fields[0]!]]!;
    case 'rounding':
      return roundingModeName(instruction.roundingMode) ?? 'unknown';
    case 'float constant':
      return floatConstants[immediate]!.text;
    case 'address':
      return `(${xNames[instruction.rs1]})`;
    case 'memory':
      return `${immediate}(${xNames[instruction.rs1]})`;
    case 'upper':
      return hex((immediate >>> 12) & 0xfffff);
    case 'target':
      return targetText(BigInt.asUintN(64, address + BigInt(immediate)), options);
    case 'set':
      return setText(kind === 'predecessor' ? (immediate >>> 4) & 15 : immediate & 15);
    case 'csr':
      return csrName(instruction.csr) ?? hex(instruction.csr);
    case 'value':
      return kind === 'shamt5' || kind === 'shamt6' || kind === 'c.shamt' ? hex(immediate) : String(immediate);
  }
}

/** objdump writes bare digits where a name follows in brackets, and a number with 0x where none does. */
function targetText(target: bigint, { symbolAt }: DisassembleOptions): string {
  const symbol = symbolAt?.(target);
  return symbol === undefined ? `0x${target.toString(16)}` : `${target.toString(16)} <${symbol}>`;
}

function setText(bits: number): string {
  if (bits === 0) return 'unknown';
  return [...'iorw'].filter((_, index) => (bits >> (3 - index)) & 1).join('');
}

function dataText(word: number, length: 2 | 4): string {
  return `${length === 2 ? '.2byte' : '.4byte'}\t${hex(word)}`;
}

const hex = (value: number) => `0x${value.toString(16)}`;
