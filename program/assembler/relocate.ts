import { encode } from '../../riscv/encode';
import { type ImmediateOperand, operandKinds } from '../../riscv/operands';
import { type Piece, type Range, scatter } from '../../riscv/pieces';
import { SourceError, type Span } from './diagnostics';
import { type Distance, evaluate, firstUndefined, type Value } from './evaluate';
import { type Expression, SymbolUse } from './expression';
import type { Fixup, FixupKind } from './fixups';
import { encodeLeb128 } from './leb128';
import { addressOf } from './output-sections';
import { offsetOf } from './relax';
import type { AlignFragment, BranchFragment, CutFragment, Place, Section, VariableFragment } from './section';
import { AssemblySymbol, isPlace } from './symbols';

/** The addresses to which `tp` and `gp` point. */
export interface Pointers {
  /** The first section of the thread's memory (`.tdata`). */
  readonly threadStart: bigint;
  readonly globalPointer: bigint;
}

/** Writes the bytes of sections, now that every address is known. Problems go to `report`. */
export class Relocator {
  /** The distance that each `%pcrel_hi` is part of, by its section and offset; a section is gone through when it is first asked. */
  private readonly distances = new Map<Section, Map<number, bigint>>();

  constructor(
    private readonly report: (error: SourceError) => void,
    private readonly pointers: Pointers = { threadStart: 0n, globalPointer: 0n },
  ) {}

  get threadStart(): bigint {
    return this.pointers.threadStart;
  }

  /** Writes a section to the start of `bytes`. */
  write(section: Section, bytes: Uint8Array): void {
    const { fragments, starts, fixed, fixups } = section;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const run = fixed.bytes;
    let from = 0;
    for (let index = 0; index < fragments.length; index++) {
      const fragment = fragments[index]!;
      const start = starts[index]!;
      const { offset } = fragment;
      const end = fragment.kind === 'cut' ? offset + fragment.size : offset;
      if (end - from > longestCopied) bytes.set(run.subarray(from, end), start);
      else for (let at = from; at < end; at++) bytes[start + at - from] = run[at]!;
      this.writeFragment(fragment, section, view, start + offset - from);
      from = offset;
    }
    bytes.set(run.subarray(from), starts[fragments.length]!);
    for (let index = 0; index < fixups.length; index++) this.applyFixup(fixups[index]!, view);
  }

  /** The address or number that a symbol is. */
  addressOfSymbol(symbol: AssemblySymbol): bigint {
    const { definition } = symbol;
    if (definition && isPlace(definition) && !definition.section.isAbsolute) return addressOf(definition);
    return this.value(SymbolUse.at(symbol, symbol.definedAt!), symbol.definedAt!);
  }

  /** The number or address that an expression comes to; throws SourceError. */
  value(expression: Expression, span: Span): bigint {
    const near = distanceInside(expression);
    if (near !== undefined) return BigInt(near);
    const { offset, base } = finalValue(expression, span);
    if (!base) return offset;
    if (!(base instanceof AssemblySymbol)) return BigInt.asIntN(64, addressOf(base) + offset);
    if (base.binding === 'weak') return offset;
    throw new SourceError(span, undefinedMessage(base));
  }

  /** Runs something that may throw a SourceError, which is then reported. */
  attempt<T>(action: (relocator: this) => T): T | undefined {
    try {
      return action(this);
    } catch (error) {
      this.reportOrThrow(error);
      return undefined;
    }
  }

  private distancesIn(section: Section): ReadonlyMap<number, bigint> {
    let distances = this.distances.get(section);
    if (!distances) {
      distances = new Map();
      this.distances.set(section, distances);
      for (const fixup of section.fixups) {
        if (!holdsUpperDistance.has(fixup.kind)) continue;
        const offset = offsetOf(fixup.place);
        distances.set(offset, 0n);
        try {
          distances.set(offset, this.value(fixup.expression, fixup.span) - addressOf(fixup.place));
        } catch (error) {
          // It is reported where the upper part itself is written.
          if (!(error instanceof SourceError)) throw error;
        }
      }
    }
    return distances;
  }

  private applyFixup(fixup: Fixup, view: DataView): void {
    try {
      this.apply(fixup, view);
    } catch (error) {
      this.reportOrThrow(error);
    }
  }

  private reportOrThrow(error: unknown): void {
    if (!(error instanceof SourceError)) throw error;
    this.report(error);
  }

  private apply(fixup: Fixup, view: DataView): void {
    const at = offsetOf(fixup.place);
    const near = nearAddress(fixup.expression);
    if (near !== undefined && applyNear(fixup, near, at, view)) return;
    const { span } = fixup;
    if (fixup.kind === 'data') {
      writeDatum(view, at, fixup.size, this.value(fixup.expression, span), span);
      return;
    }
    if (fixup.kind === 'call' || fixup.kind === 'pair_i' || fixup.kind === 'pair_s') {
      this.writePair(fixup, view, at);
      return;
    }
    if (fixup.kind === 'tprel' || fixup.kind === 'dtprel') {
      const bias = fixup.kind === 'dtprel' ? dynamicBias : 0n;
      writeDatum(view, at, fixup.size, this.value(fixup.expression, span) - this.threadStart - bias, span);
      return;
    }
    if (fixup.kind === 'tprel_add') return;
    if (fixup.kind === 'gprel_i' || fixup.kind === 'gprel_s') {
      this.writeNear(fixup, view, at);
      return;
    }
    if (fixup.kind === 'c.lui') {
      const high = low(this.value(fixup.expression, span), 'hi20');
      // Where the address has come down below 0x800 it is `c.li`, as c.lui has no 0.
      const word = view.getUint16(at, true);
      view.setUint16(at, high === 0 ? word & ~upperToLoad : word | scatter(high, operandKinds['c.upper'].pieces), true);
      return;
    }
    if (fixup.kind === 'advance') {
      view.setUint8(at, view.getUint8(at) | (Number(this.value(fixup.expression, span)) & 0x3f));
      return;
    }
    const target = targetKinds[fixup.kind];
    if (target) {
      this.writeTarget(fixup, target, view, at);
      return;
    }
    const value = fixup.kind.startsWith('pcrel_lo12') ? this.lowDistance(fixup) : this.fieldValue(fixup);
    if (fixup.kind === 'immediate_i' || fixup.kind === 'immediate_s') this.checkNumber(fixup, value);
    insert(view, at, pieces[fixup.kind]!, low(value, fixup.kind));
  }

  private fieldValue(fixup: Fixup): bigint {
    const value = this.value(fixup.expression, fixup.span);
    if (fixup.kind === 'pcrel_hi20') return checkedUpper(value - addressOf(fixup.place), fixup.span, 'the distance');
    if (fixup.kind === 'hi20') return checkedUpper(value, fixup.span, 'the address');
    if (fixup.kind.startsWith('tprel')) return checkedUpper(value - this.threadStart, fixup.span, 'the offset');
    return value;
  }

  /** The distance in an instruction whose length does not depend on it. */
  private writeTarget(fixup: Fixup, { pieces, range }: ImmediateOperand, view: DataView, at: number): void {
    const distance = this.value(fixup.expression, fixup.span) - addressOf(fixup.place);
    if (distance < range.minimum || distance > range.maximum || distance % BigInt(range.multiple) !== 0n)
      throw new SourceError(fixup.span, `distance to the target ${distance} is out of range ${range.minimum}..${range.maximum}`);
    if (fixup.kind.startsWith('c.')) view.setUint16(at, view.getUint16(at, true) | scatter(Number(distance), pieces), true);
    else insert(view, at, pieces, Number(distance));
  }

  /** The lower part of an address that is near 0 or near `gp`. */
  private writeNear(fixup: Fixup, view: DataView, at: number): void {
    const address = this.value(fixup.expression, fixup.span);
    const isNearZero = BigInt.asIntN(12, address) === address;
    const distance = isNearZero ? address : address - this.pointers.globalPointer;
    if (BigInt.asIntN(12, distance) !== distance)
      throw new SourceError(fixup.span, `distance ${distance} from gp is out of range -2048..2047`);
    view.setUint32(at, (view.getUint32(at, true) & ~(0x1f << 15)) | ((isNearZero ? 0 : globalPointerRegister) << 15), true);
    insert(view, at, fixup.kind === 'gprel_s' ? operandKinds['store(rs1)'].pieces : operandKinds.immediate.pieces, Number(distance));
  }

  /** A value without a modifier must be a number; an address hardly ever fits and GNU as takes none. */
  private checkNumber(fixup: Fixup, value: bigint): void {
    if (finalValue(fixup.expression, fixup.span).base)
      throw new SourceError(fixup.span, 'an address cannot stand here: take a part of it with %lo or %pcrel_lo');
    if (value < -2048n || value > 2047n) throw new SourceError(fixup.span, `immediate ${value} is out of range -2048..2047`);
  }

  private lowDistance(fixup: Fixup): bigint {
    const value = finalValue(fixup.expression, fixup.span);
    const base = value.base;
    const place = base && !(base instanceof AssemblySymbol) ? base : undefined;
    const found = place && this.distancesIn(place.section).get(offsetOf(place) + Number(value.offset));
    if (found === undefined) {
      if (base instanceof AssemblySymbol) throw new SourceError(fixup.span, undefinedMessage(base));
      throw new SourceError(fixup.span, '%pcrel_lo takes the label of an instruction with %pcrel_hi');
    }
    return found;
  }

  /**
   * `auipc` and the instruction that adds the lower part. A call of a weak symbol that nobody defines goes to address 0, from x0 as
   * GNU ld has it.
   */
  private writePair(fixup: Fixup, view: DataView, at: number): void {
    const { base } = finalValue(fixup.expression, fixup.span);
    if (fixup.kind === 'call' && base instanceof AssemblySymbol && base.binding === 'weak') {
      view.setUint32(at + 4, view.getUint32(at + 4, true) & ~(0x1f << 15), true);
      return;
    }
    const value = checkedUpper(this.value(fixup.expression, fixup.span) - addressOf(fixup.place), fixup.span, 'the distance');
    insertPair(view, at, fixup.kind, Number(value));
  }

  private writeFragment(fragment: VariableFragment, section: Section, view: DataView, at: number): void {
    try {
      if (fragment.kind === 'branch') this.writeBranch(fragment, section, view, at);
      else if (fragment.kind !== 'cut') this.writeOther(fragment, new Uint8Array(view.buffer, view.byteOffset + at, fragment.size));
    } catch (error) {
      this.reportOrThrow(error);
    }
  }

  /** The bytes from a place in a section to a target. */
  private distanceTo(target: Expression, span: Span, section: Section, at: number): number {
    const place = usualPlace(target);
    if (place?.section === section) return offsetOf(place) - at;
    return Number(this.value(target, span) - section.address - BigInt(at));
  }

  private writeOther(fragment: Exclude<VariableFragment, BranchFragment | CutFragment>, bytes: Uint8Array): void {
    switch (fragment.kind) {
      case 'align':
        writePadding(fragment, bytes);
        break;
      case 'space':
        if (bytes.length > 0 && fragment.pattern.some((byte) => byte !== 0)) {
          for (let index = 0; index < bytes.length; index++) bytes[index] = fragment.pattern[index % fragment.pattern.length]!;
        }
        break;
      case 'leb128': {
        const value = this.value(fragment.expression, fragment.span);
        const encoded = encodeLeb128(value, fragment.isSigned, fragment.size);
        if (encoded.length > fragment.size)
          throw new SourceError(fragment.span, `the number ${value} does not fit in ${fragment.size} bytes`);
        bytes.set(encoded);
        break;
      }
      case 'call site':
        writeNops(bytes, 'long nops first');
        if (fragment.jumpsOver)
          new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, encode('jal', { rd: 0, immediate: bytes.length }), true);
    }
  }

  private writeBranch({ target, word, short, isJump, span, size }: BranchFragment, section: Section, view: DataView, at: number): void {
    // A branch that an error has left without a length has no bytes.
    if (size === 0) return;
    // The instruction is there also where its target is an error.
    if (size === 2) view.setUint16(at, short, true);
    else view.setUint32(at, word, true);
    const distance = this.distanceTo(target, span, section, at);
    const { pieces, range } = operandKinds[size > 4 || isJump ? 'jump' : 'branch'];
    const skipped = size > 4 ? size - 4 : 0;
    checkTarget(distance - skipped, size === 2 ? operandKinds[isJump ? 'c.jump' : 'c.branch'].range : range, span);
    if (size === 2) view.setUint16(at, short | scatter(distance, operandKinds[isJump ? 'c.jump' : 'c.branch'].pieces), true);
    else if (size === 4) view.setUint32(at, word | scatter(distance, pieces), true);
    else {
      if (size === 6) view.setUint16(at, (short | scatter(6, operandKinds['c.branch'].pieces)) ^ compressedOpposite, true);
      else view.setUint32(at, (word | scatter(8, operandKinds.branch.pieces)) ^ opposite, true);
      view.setUint32(at + skipped, jumpAlone | scatter(distance - skipped, pieces), true);
    }
  }
}

const globalPointerRegister = 3;

/** The bit that makes c.lui of c.li. */
const upperToLoad = 0x2000;

/** Runs of bytes up to this length are quicker copied one by one. */
const longestCopied = 256;

/** `jal zero`. */
const jumpAlone = encode('jal', { rd: 0, immediate: 0 });

function checkTarget(distance: number, { minimum, maximum, multiple }: Range, span: Span): void {
  if (distance >= minimum && distance <= maximum && distance % multiple === 0) return;
  const problem = distance % multiple === 0 ? `is out of range ${minimum}..${maximum}` : `is not a multiple of ${multiple}`;
  throw new SourceError(span, `distance to the target ${distance} ${problem}`);
}

/** The bits that exchange a branch with its opposite: beq and bne, blt and bge, bltu and bgeu; c.beqz and c.bnez. */
const opposite = 0x1000;
const compressedOpposite = 0x2000;

/** What an expression comes to now; only what needs an undefined symbol is still not known. */
function finalValue(expression: Expression, span: Span): Value {
  const value = evaluate(expression, distance);
  if (value) return value;
  const symbol = firstUndefined(expression);
  throw new SourceError(span, symbol ? undefinedMessage(symbol) : 'this value cannot be known');
}

const distance: Distance = (from, to) => addressOf(to) - addressOf(from);

/** What the offsets of the dynamic model of thread-local storage are less (RISC-V ELF psABI, section "Global Dynamic"). */
const dynamicBias = 0x800n;

const targetKinds: Partial<Record<FixupKind, ImmediateOperand>> = {
  branch: operandKinds.branch,
  jump: operandKinds.jump,
  'c.branch': operandKinds['c.branch'],
  'c.jump': operandKinds['c.jump'],
};

const pieces: Partial<Record<FixupKind, readonly Piece[]>> = {
  hi20: operandKinds.upper.pieces,
  tprel_hi20: operandKinds.upper.pieces,
  tprel_lo12_i: operandKinds.immediate.pieces,
  tprel_lo12_s: operandKinds['store(rs1)'].pieces,
  pcrel_hi20: operandKinds.upper.pieces,
  lo12_i: operandKinds.immediate.pieces,
  pcrel_lo12_i: operandKinds.immediate.pieces,
  immediate_i: operandKinds.immediate.pieces,
  lo12_s: operandKinds['store(rs1)'].pieces,
  pcrel_lo12_s: operandKinds['store(rs1)'].pieces,
  immediate_s: operandKinds['store(rs1)'].pieces,
};

/** The part of a value that goes into the field: rounded to a multiple of 4096, or what is left of it in 12 bits. */
/** Instructions with the upper part of a distance from themselves, to which `%pcrel_lo` may refer. */
const holdsUpperDistance: ReadonlySet<FixupKind> = new Set(['pcrel_hi20', 'pair_i', 'pair_s']);

/** The place that an expression is alone: the usual case, which needs no big integers. */
function usualPlace(expression: Expression): Place | undefined {
  let place: Place | undefined;
  if (expression.kind === 'symbol') {
    let { symbol } = expression;
    if (!symbol.definition && symbol.resolved instanceof AssemblySymbol) symbol = symbol.resolved;
    if (symbol.definition && isPlace(symbol.definition)) place = symbol.definition;
  } else if (expression.kind === 'place') place = expression.place;
  return place && !place.section.isAbsolute ? place : undefined;
}

/** The bytes between two such places of one section, as `.size` and tables have them. */
export function distanceInside(expression: Expression): number | undefined {
  if (expression.kind !== 'binary' || expression.operator !== '-') return undefined;
  const to = usualPlace(expression.left);
  const from = to && usualPlace(expression.right);
  return from && from.section === to.section ? offsetOf(to) - offsetOf(from) : undefined;
}

/** The address of such a place, where a double holds it exactly. */
function nearAddress(expression: Expression): number | undefined {
  const place = usualPlace(expression);
  return place && place.section.address <= farthestNear ? Number(place.section.address) + offsetOf(place) : undefined;
}

const farthestNear = 2n ** 48n;

/** Writes the kinds of fixups that are nearly all; false for others, and for what does not fit. */
function applyNear({ kind, size, place }: Fixup, target: number, at: number, view: DataView): boolean {
  if (kind === 'data') {
    if (size === 8) {
      view.setUint32(at, target % 2 ** 32, true);
      view.setUint32(at + 4, Math.floor(target / 2 ** 32), true);
    } else if (size === 4 && target < 2 ** 32) view.setUint32(at, target, true);
    else return false;
    return true;
  }
  if (kind !== 'call' && kind !== 'pair_i' && kind !== 'pair_s') return false;
  if (place.section.address > farthestNear) return false;
  const distance = target - Number(place.section.address) - at;
  if (distance < -(2 ** 31) - 0x800 || distance >= 2 ** 31 - 0x800) return false;
  insertPair(view, at, kind, distance);
  return true;
}

function insertPair(view: DataView, at: number, kind: FixupKind, distance: number): void {
  insert(view, at, operandKinds.upper.pieces, (distance + 0x800) & ~0xfff);
  const where = kind === 'pair_s' ? operandKinds['store(rs1)'].pieces : operandKinds['load(rs1)'].pieces;
  insert(view, at + 4, where, (distance << 20) >> 20);
}

function low(value: bigint, kind: FixupKind): number {
  return Number(kind.endsWith('hi20') ? BigInt.asIntN(32, value + 0x800n) & ~0xfffn : BigInt.asIntN(12, value));
}

/** `lui` and `auipc` give 32 bits with a sign. */
function checkedUpper(value: bigint, span: Span, what: string): bigint {
  if (BigInt.asIntN(32, value + 0x800n) !== value + 0x800n) {
    throw new SourceError(
      span,
      `${what} ${value < 0n ? '-' : ''}0x${(value < 0n ? -value : value).toString(16)} is beyond the 2 GiB that two instructions reach`,
    );
  }
  return value;
}

function insert(view: DataView, at: number, where: readonly Piece[], value: number): void {
  view.setUint32(at, (view.getUint32(at, true) | scatter(value, where)) >>> 0, true);
}

function writeDatum(view: DataView, at: number, size: number, value: bigint, span: Span): void {
  const bits = size * 8;
  if (BigInt.asIntN(bits, value) !== value && BigInt.asUintN(bits, value) !== value) {
    throw new SourceError(span, `${value} does not fit in ${size} ${size === 1 ? 'byte' : 'bytes'}`);
  }
  for (let index = 0; index < size; index++) view.setUint8(at + index, Number((value >> BigInt(8 * index)) & 0xffn));
}

/**
 * The linker puts long nops first; where nothing was reserved too much it leaves those of GNU as, which puts short ones first, and
 * before them a 0 where data ended at an odd address.
 */
function writePadding({ fill, size, reserved }: AlignFragment, bytes: Uint8Array): void {
  if (typeof fill !== 'string') for (let index = 0; index < bytes.length; index++) bytes[index] = fill[index % fill.length]!;
  else writeNops(bytes, reserved === undefined || reserved === size ? 'short nops first' : 'long nops first');
}

/** Nops of 4 bytes and at most one of 2; an odd byte before them is 0 (tc-riscv.c, riscv_handle_align). */
function writeNops(bytes: Uint8Array, order: 'long nops first' | 'short nops first'): void {
  const short = [0x01, 0x00];
  let at = 0;
  if (order === 'short nops first') {
    at += bytes.length % 2;
    if (bytes.length % 4 >= 2) {
      bytes.set(short, at);
      at += 2;
    }
  }
  for (; at + 4 <= bytes.length; at += 4) bytes[at] = 0x13;
  if (at < bytes.length) bytes.set(short.slice(0, bytes.length - at), at);
}

function undefinedMessage({ name, number }: AssemblySymbol): string {
  return number === undefined ? `undefined symbol '${name}'` : `there is no label '${number}:' after this line`;
}
