import { type I32, type I64, i32, i64, select } from '../wasm/expression';
import type { Emitter, Semantics } from './emitter';

type Operation = (left: I64, right: I64) => I64;
type WordOperation = (left: I32, right: I32) => I32;

const zero = i64.constant(0n);
const one = i64.constant(1n);
const ones = i64.constant(-1n);

/** Zba, Zbb, Zbc and Zbs (Volume I, chapter "B Extension for Bit Manipulation"). WebAssembly takes shift amounts modulo the width. */
export const bitManipulation = {
  'add.uw': withRegister((left, right) => i64.add(zeroExtended(left), right)),
  sh1add: shiftedAdd(1),
  sh2add: shiftedAdd(2),
  sh3add: shiftedAdd(3),
  'sh1add.uw': shiftedAdd(1, zeroExtended),
  'sh2add.uw': shiftedAdd(2, zeroExtended),
  'sh3add.uw': shiftedAdd(3, zeroExtended),
  'slli.uw': withImmediate((left, amount) => i64.shl(zeroExtended(left), amount)),

  andn: withRegister((left, right) => i64.and(left, not(right))),
  orn: withRegister((left, right) => i64.or(left, not(right))),
  xnor: withRegister((left, right) => not(i64.xor(left, right))),
  clz: unary(i64.clz),
  ctz: unary(i64.ctz),
  cpop: unary(i64.popcnt),
  clzw: unary((value) => i64.extendU(i32.clz(i32.wrap(value)))),
  ctzw: unary((value) => i64.extendU(i32.ctz(i32.wrap(value)))),
  cpopw: unary((value) => i64.extendU(i32.popcnt(i32.wrap(value)))),
  max: withRegister((left, right) => select(i64.gtS(left, right), left, right)),
  maxu: withRegister((left, right) => select(i64.gtU(left, right), left, right)),
  min: withRegister((left, right) => select(i64.ltS(left, right), left, right)),
  minu: withRegister((left, right) => select(i64.ltU(left, right), left, right)),
  'sext.b': unary(i64.extend8S),
  'sext.h': unary(i64.extend16S),
  'zext.h': unary((value) => i64.and(value, i64.constant(0xffffn))),
  rol: withRegister(i64.rotl),
  ror: withRegister(i64.rotr),
  rori: withImmediate(i64.rotr),
  rolw: withRegister(word(i32.rotl)),
  rorw: withRegister(word(i32.rotr)),
  roriw: withImmediate(word(i32.rotr)),
  'orc.b': unary(orCombined),
  rev8: (emit) => emit.set(swapped(emit, swapped(emit, swapped(emit, emit.rs1, 8), 16), 32)),

  clmul: (emit) => emit.set(carryLessProduct(emit, emit.rs1, emit.rs2)),
  /** The upper half of a product is the reversed lower half of the product of the reversed factors, less the bit between them. */
  clmulh: (emit) => emit.set(i64.shrU(reversedProduct(emit), one)),
  clmulr: (emit) => emit.set(reversedProduct(emit)),

  bclr: withRegister((left, index) => i64.and(left, not(bit(index)))),
  bclri: withImmediate((left, index) => i64.and(left, not(bit(index)))),
  bext: withRegister((left, index) => i64.and(i64.shrU(left, index), one)),
  bexti: withImmediate((left, index) => i64.and(i64.shrU(left, index), one)),
  binv: withRegister((left, index) => i64.xor(left, bit(index))),
  binvi: withImmediate((left, index) => i64.xor(left, bit(index))),
  bset: withRegister((left, index) => i64.or(left, bit(index))),
  bseti: withImmediate((left, index) => i64.or(left, bit(index))),
} satisfies Record<string, Semantics>;

function withRegister(operation: Operation): Semantics {
  return (emit) => emit.set(operation(emit.rs1, emit.rs2));
}

function withImmediate(operation: Operation): Semantics {
  return (emit) => emit.set(operation(emit.rs1, emit.immediate));
}

function unary(operation: (value: I64) => I64): Semantics {
  return (emit) => emit.set(operation(emit.rs1));
}

function word(operation: WordOperation): Operation {
  return (left, right) => i64.extendS(operation(i32.wrap(left), i32.wrap(right)));
}

function shiftedAdd(amount: number, extended: (value: I64) => I64 = (value) => value): Semantics {
  return withRegister((left, right) => i64.add(i64.shl(extended(left), i64.constant(BigInt(amount))), right));
}

function zeroExtended(value: I64): I64 {
  return i64.and(value, i64.constant(0xffff_ffffn));
}

function not(value: I64): I64 {
  return i64.xor(value, ones);
}

function bit(index: I64): I64 {
  return i64.shl(one, index);
}

/** 255 in each byte that is not 0: adding 127 to its lower 7 bits carries into the highest, which is then spread over the byte. */
function orCombined(value: I64): I64 {
  const lower = i64.constant(0x7f7f_7f7f_7f7f_7f7fn);
  const carried = i64.or(i64.add(i64.and(value, lower), lower), value);
  const truths = i64.and(i64.shrU(carried, i64.constant(7n)), i64.constant(0x0101_0101_0101_0101n));
  return i64.mul(truths, i64.constant(0xffn));
}

/** Exchanges the neighbouring groups of `size` bits. */
function swapped(emit: Emitter, value: I64, size: number): I64 {
  const amount = i64.constant(BigInt(size));
  if (size === 32) return i64.rotl(value, amount);
  const group = (1n << BigInt(size)) - 1n;
  let lower = 0n;
  for (let at = 0; at < 64; at += size * 2) lower |= group << BigInt(at);
  const held = emit.hold(value);
  const mask = i64.constant(lower);
  return i64.or(i64.and(i64.shrU(held, amount), mask), i64.shl(i64.and(held, mask), amount));
}

function reversed(emit: Emitter, value: I64): I64 {
  return [1, 2, 4, 8, 16, 32].reduce((reversing, size) => swapped(emit, reversing, size), value);
}

function reversedProduct(emit: Emitter): I64 {
  const left = reversed(emit, emit.rs1);
  const right = reversed(emit, emit.rs2);
  return reversed(emit, carryLessProduct(emit, left, right));
}

/**
 * The lower half of a product without carries, by multiplications of every fourth bit of each factor: a sum of at most 15 ones
 * carries no further than the three places between, and the 16 that meet in the highest place carry out of the word.
 */
function carryLessProduct(emit: Emitter, left: I64, right: I64): I64 {
  const masks = [0, 1, 2, 3].map((place) => i64.constant(BigInt.asUintN(64, 0x1111_1111_1111_1111n << BigInt(place))));
  const [heldLeft, heldRight] = [emit.hold(left), emit.hold(right)];
  const lefts = masks.map((mask) => emit.hold(i64.and(heldLeft, mask)));
  const rights = masks.map((mask) => emit.hold(i64.and(heldRight, mask)));
  const places = masks.map((mask, place) => {
    const products = lefts.map((factor, index) => i64.mul(factor, rights[(place - index + 4) % 4]!));
    return i64.and(products.reduce(i64.xor), mask);
  });
  return places.reduce(i64.or, zero);
}
