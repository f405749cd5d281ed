import { strict as assert } from 'node:assert';
import {
  evaluateLocation,
  evaluateNumber,
  type LocationContext,
  type LocationUnit,
} from '../../../../program/dwarf/location/evaluate-location';
import type { Location } from '../../../../program/dwarf/location/location';
import type { StackType } from '../../../../program/dwarf/location/stack-value';
import { charType, intType, longType } from '../../../../program/types/base-types';
import type { Type } from '../../../../program/types/type';
import type { ValueMemory } from '../../../../program/values/value';
import { readBytes, writeBytes } from '../../../../program/values/value-bytes';

/** Base types by their offset in the unit, which starts at 0x100. */
const types: ReadonlyMap<number, StackType> = new Map<number, StackType>([
  [0x10, { size: 4, encoding: 'signed' }],
  [0x11, { size: 1, encoding: 'unsigned' }],
  [0x12, { size: 4, encoding: 'float' }],
  [0x13, { size: 8, encoding: 'float' }],
  [0x14, { size: 16, encoding: 'unsigned' }],
  [0x15, { size: 8, encoding: 'signed' }],
]);

const unit: LocationUnit = {
  version: 5,
  offsetSize: 4,
  offset: 0x100,
  bias: 0n,
  addressAt: (index) => 0x5000n + BigInt(index),
  baseTypeAt: (offset) => types.get(offset)!,
  // Entries with the expression DW_OP_lit7 and, for what calls itself, DW_OP_call2 of itself.
  expressionAt: (die) => (die === 0x120 ? Uint8Array.of(0x37) : die === 0x130 ? Uint8Array.of(0x98, 0x30, 0x00) : undefined),
};

/** x10 is 1000, x11 -5, f0 (32) 1.5 as a float; memory from 0x2000 on has the bytes 0x80, 0x81, 0x82 and so on. */
const context: LocationContext = {
  register: (number) =>
    new Map([
      [10, 1000n],
      [11, 2n ** 64n - 5n],
      [32, 0xffff_ffff_3fc0_0000n],
    ]).get(number),
  load(address, size) {
    if (address < 0x2000n || address + BigInt(size) > 0x2040n) return undefined;
    let value = 0n;
    for (let index = size - 1; index >= 0; index--) value = (value << 8n) | (0x80n + address - 0x2000n + BigInt(index));
    return value;
  },
  cfa: () => 0x7000n,
  frameBase: () => 0x6ff0n,
  threadLocal: (offset) => 0x9000n + offset,
  objectAddress: 0x4242n,
  unit,
  entryValue: (expression) => (expression[0] === 0x5a ? 77n : undefined),
  parameterValue: (die) => (die === 0x140 ? 88n : undefined),
  variableValue: (die) => (die === 0x150 ? 99n : undefined),
};

const minus = (value: bigint) => BigInt.asUintN(64, -value);

/** What each expression leaves on the stack, by DWARF 5, section 2.5.1, and its numbers in section 7.7.1. */
const numbers: readonly [name: string, expression: readonly number[], result: bigint][] = [
  ['lit0', [0x30], 0n],
  ['lit31', [0x4f], 31n],
  ['addr', [0x03, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11], 0x1122334455667788n],
  ['const1u', [0x08, 0xff], 255n],
  ['const1s', [0x09, 0xff], minus(1n)],
  ['const2u', [0x0a, 0x00, 0x80], 0x8000n],
  ['const2s', [0x0b, 0x00, 0x80], minus(0x8000n)],
  ['const4u', [0x0c, 0, 0, 0, 0x80], 0x80000000n],
  ['const4s', [0x0d, 0, 0, 0, 0x80], minus(0x80000000n)],
  ['const8u', [0x0e, 1, 0, 0, 0, 0, 0, 0, 0x80], 0x8000000000000001n],
  ['const8s', [0x0f, 0xfe, 255, 255, 255, 255, 255, 255, 255], minus(2n)],
  ['constu', [0x10, 0xe5, 0x8e, 0x26], 624485n],
  ['consts', [0x11, 0x9b, 0xf1, 0x59], minus(624485n)],
  ['addrx', [0xa1, 0x05], 0x5005n],
  ['constx', [0xa2, 0x06], 0x5006n],
  ['GNU_addr_index', [0xfb, 0x05], 0x5005n],
  ['GNU_const_index', [0xfc, 0x06], 0x5006n],
  ['breg10 -8', [0x7a, 0x78], 992n],
  ['bregx 11 3', [0x92, 0x0b, 0x03], minus(2n)],
  ['fbreg -16', [0x91, 0x70], 0x6fe0n],
  ['call_frame_cfa', [0x9c], 0x7000n],
  ['push_object_address', [0x97], 0x4242n],
  ['form_tls_address', [0x08, 0x10, 0x9b], 0x9010n],
  ['GNU_push_tls_address', [0x08, 0x10, 0xe0], 0x9010n],
  ['entry_value of reg10', [0xa3, 0x01, 0x5a], 77n],
  ['GNU_entry_value of reg10', [0xf3, 0x01, 0x5a], 77n],
  ['GNU_parameter_ref', [0xfa, 0x40, 0, 0, 0], 88n],
  ['GNU_variable_value', [0xfd, 0x50, 0x01, 0, 0], 99n],
  ['dup', [0x33, 0x12, 0x22], 6n],
  ['drop', [0x33, 0x34, 0x13], 3n],
  ['over', [0x33, 0x34, 0x14], 3n],
  ['pick 2', [0x33, 0x34, 0x35, 0x15, 0x02], 3n],
  ['swap', [0x33, 0x39, 0x16, 0x1c], 6n],
  // 3 4 5 becomes 5 3 4: the top goes to the third place.
  ['rot', [0x33, 0x34, 0x35, 0x17], 4n],
  ['rot, then minus twice', [0x33, 0x34, 0x35, 0x17, 0x1c, 0x1c], 6n],
  ['plus_uconst', [0x33, 0x23, 0x80, 0x01], 131n],
  ['plus wraps', [0x31, 0x09, 0xff, 0x22], 0n],
  ['minus', [0x33, 0x35, 0x1c], minus(2n)],
  ['mul', [0x33, 0x09, 0xfe, 0x1e], minus(6n)],
  ['div is signed', [0x09, 0xf9, 0x32, 0x1b], minus(3n)],
  ['mod is not', [0x09, 0xff, 0x3a, 0x1d], 5n],
  ['and', [0x3c, 0x3a, 0x1a], 8n],
  ['or', [0x3c, 0x33, 0x21], 15n],
  ['xor', [0x3c, 0x3a, 0x27], 6n],
  ['shl', [0x33, 0x34, 0x24], 48n],
  ['shr', [0x09, 0xff, 0x08, 60, 0x25], 15n],
  ['shra', [0x09, 0xf0, 0x32, 0x26], minus(4n)],
  ['shl by more than there are bits', [0x33, 0x08, 200, 0x24], 0n],
  ['neg', [0x33, 0x1f], minus(3n)],
  ['not', [0x30, 0x20], minus(1n)],
  ['abs', [0x09, 0xfb, 0x19], 5n],
  ['eq', [0x33, 0x33, 0x29], 1n],
  ['ge is signed', [0x31, 0x09, 0xff, 0x2a], 1n],
  ['gt', [0x33, 0x33, 0x2b], 0n],
  ['le', [0x33, 0x33, 0x2c], 1n],
  ['lt is signed', [0x09, 0xff, 0x30, 0x2d], 1n],
  ['ne', [0x33, 0x34, 0x2e], 1n],
  ['skip', [0x33, 0x2f, 0x01, 0x00, 0x34], 3n],
  ['bra taken', [0x33, 0x31, 0x28, 0x01, 0x00, 0x39], 3n],
  ['bra not taken', [0x33, 0x30, 0x28, 0x01, 0x00, 0x39], 9n],
  // A loop: 5 4 3 2 1 0.
  ['bra backwards', [0x35, 0x31, 0x1c, 0x12, 0x28, 0xfa, 0xff], 0n],
  ['deref', [0x0a, 0, 0x20, 0x06], 0x8786858483828180n],
  ['deref_size 2', [0x0a, 0, 0x20, 0x94, 0x02], 0x8180n],
  ['nop', [0x33, 0x96], 3n],
  ['call2', [0x98, 0x20, 0x00], 7n],
  ['call4', [0x99, 0x20, 0, 0, 0], 7n],
  ['call_ref', [0x9a, 0x20, 0x01, 0, 0], 7n],
  ['deref_type int', [0x0a, 0, 0x20, 0xa6, 4, 0x10], BigInt.asUintN(64, BigInt.asIntN(32, 0x83828180n))],
  ['deref_type unsigned char', [0x0a, 0, 0x20, 0xa6, 1, 0x11], 0x80n],
  ['GNU_deref_type', [0x0a, 0, 0x20, 0xf6, 1, 0x11], 0x80n],
  ['regval_type int', [0xa5, 11, 0x10], minus(5n)],
  ['regval_type unsigned char', [0xa5, 10, 0x11], 1000n & 0xffn],
  ['GNU_regval_type', [0xf5, 11, 0x11], 251n],
  ['const_type int', [0xa4, 0x10, 4, 0xfe, 255, 255, 255], minus(2n)],
  ['GNU_const_type', [0xf4, 0x11, 1, 0xfe], 254n],
  ['convert to int', [0x0c, 0xff, 0xff, 0xff, 0xff, 0xa8, 0x10], minus(1n)],
  ['convert to unsigned char', [0x0a, 0x34, 0x12, 0xa8, 0x11], 0x34n],
  ['convert to generic', [0xa4, 0x10, 4, 0xff, 255, 255, 255, 0xa8, 0x00], minus(1n)],
  ['GNU_convert', [0x0a, 0x34, 0x12, 0xf7, 0x11], 0x34n],
  ['float to int truncates', [0xa5, 32, 0x12, 0xa8, 0x10], 1n],
  ['int to float to bits', [0x33, 0xa8, 0x12, 0xa9, 0x10, 0xa8, 0x00], 0x40400000n],
  ['reinterpret a float', [0xa5, 32, 0x12, 0xa9, 0x10], 0x3fc00000n],
  ['GNU_reinterpret', [0xa5, 32, 0x12, 0xf9, 0x10], 0x3fc00000n],
  ['float arithmetic: 1.5 * 1.5 as an int', [0xa5, 32, 0x12, 0x12, 0x1e, 0xa8, 0x10], 2n],
  ['float to double: 1.5', [0xa5, 32, 0x12, 0xa8, 0x13, 0xa9, 0x15], 0x3ff8000000000000n],
  ['float comparison', [0xa5, 32, 0x12, 0xa5, 32, 0x12, 0x1f, 0x2d], 0n],
  ['typed remainder is signed', [0xa4, 0x10, 4, 0xf9, 255, 255, 255, 0xa4, 0x10, 4, 3, 0, 0, 0, 0x1d], minus(1n)],
  ['a product of 16 bytes, its high half', [0x09, 0xff, 0xa8, 0x14, 0x12, 0x1e, 0x08, 64, 0x25, 0xa8, 0x00], 0xffff_ffff_ffff_fffen],
];

/** Places, by section 2.6. */
const places: readonly [name: string, expression: readonly number[], location: Location][] = [
  ['reg10', [0x5a], { kind: 'register', register: 10 }],
  ['regx f0', [0x90, 32], { kind: 'register', register: 32 }],
  ['breg10', [0x7a, 0], { kind: 'memory', address: 1000n }],
  ['an address below zero', [0x09, 0xff], { kind: 'memory', address: 2n ** 64n - 1n }],
  ['stack_value', [0x33, 0x9f], { kind: 'value', bytes: Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0) }],
  ['a typed stack_value', [0xa4, 0x10, 4, 1, 2, 3, 4, 0x9f], { kind: 'value', bytes: Uint8Array.of(1, 2, 3, 4) }],
  ['implicit_value', [0x9e, 3, 7, 8, 9], { kind: 'value', bytes: Uint8Array.of(7, 8, 9) }],
  ['implicit_pointer', [0xa0, 0x44, 0x03, 0, 0, 0x7c], { kind: 'pointer', die: 0x344, offset: -4n }],
  ['GNU_implicit_pointer', [0xf2, 0x44, 0x03, 0, 0, 0x04], { kind: 'pointer', die: 0x344, offset: 4n }],
  ['GNU_uninit', [0x5a, 0xf0], { kind: 'register', register: 10 }],
  [
    'pieces: a register, nothing, memory, a value',
    [0x5a, 0x93, 4, 0x93, 2, 0x7b, 0, 0x93, 1, 0x35, 0x9f, 0x93, 1],
    {
      kind: 'pieces',
      pieces: [
        { place: { kind: 'register', register: 10 }, bits: 32, from: 0 },
        { place: { kind: 'missing', reason: 'optimized out' }, bits: 16, from: 0 },
        { place: { kind: 'memory', address: 2n ** 64n - 5n }, bits: 8, from: 0 },
        { place: { kind: 'value', bytes: Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0) }, bits: 8, from: 0 },
      ],
    },
  ],
  [
    'bit_piece',
    [0x5a, 0x9d, 5, 3, 0x5b, 0x9d, 3, 0],
    {
      kind: 'pieces',
      pieces: [
        { place: { kind: 'register', register: 10 }, bits: 5, from: 3 },
        { place: { kind: 'register', register: 11 }, bits: 3, from: 0 },
      ],
    },
  ],
  ['nothing', [], { kind: 'missing', reason: 'optimized out' }],
  ['a register that was not kept', [0x78, 0], { kind: 'missing', reason: 'not saved' }],
  ['an entry value that nobody knows', [0xa3, 0x01, 0x5b], { kind: 'missing', reason: 'optimized out' }],
  ['an empty stack', [0x22], { kind: 'missing', reason: 'its location expression finds its stack empty' }],
  ['a division by zero', [0x31, 0x30, 0x1b], { kind: 'missing', reason: 'its location divides by zero' }],
  ['a loop without end', [0x2f, 0xfd, 0xff], { kind: 'missing', reason: 'its location expression does not end' }],
  ['a call of itself', [0x98, 0x30, 0x00], { kind: 'missing', reason: 'its location expression calls itself' }],
  ['an unknown operation', [0xff], { kind: 'missing', reason: 'its location uses operation 0xff, which is not known' }],
  ['unmapped memory', [0x31, 0x06], { kind: 'missing', reason: 'Cannot access memory at address 0x1' }],
];

describe('location expressions', () => {
  for (const [name, expression, result] of numbers) {
    it(name, () => assert.equal(BigInt.asUintN(64, evaluateNumber(Uint8Array.from(expression), context)!), result));
  }
  for (const [name, expression, location] of places) {
    it(name, () => assert.deepEqual(evaluateLocation(Uint8Array.from(expression), context), location));
  }

  it('a jump out of the expression is corrupt', () => {
    const location = evaluateLocation(Uint8Array.of(0x2f, 0x70, 0x00), context);
    assert.match(location.kind === 'missing' ? location.reason : '', /a location expression is corrupt at byte 0x3/);
  });
});

describe('values in pieces', () => {
  const registers = new Map<number, bigint>([
    [10, 0x1122334455667788n],
    [32, 0xffff_ffff_3fc0_0000n],
  ]);
  const memory: ValueMemory = {
    read: () => Uint8Array.of(0xaa, 0xbb),
    write: () => true,
    readRegister: (register) => registers.get(register),
    writeRegister(register, value) {
      registers.set(register, value);
      return undefined;
    },
    describe: () => undefined,
    implicitTarget: () => undefined,
    staticMember: () => undefined,
    method: () => undefined,
    dynamicOffset: () => undefined,
  };
  const located = (type: Type, ...expression: number[]) => {
    return { type, location: evaluateLocation(Uint8Array.from(expression), context), from: 0 };
  };

  it('are put together by bytes and by bits', () => {
    const bytes = located(longType, 0x5a, 0x93, 4, 0x34, 0x9f, 0x93, 4);
    assert.deepEqual(readBytes(bytes, memory), { bytes: Uint8Array.of(0x88, 0x77, 0x66, 0x55, 4, 0, 0, 0) });
    // The low nibble is bits 4 to 7 of x10, 0x8; the high one is 5.
    const bits = located(charType, 0x5a, 0x9d, 4, 4, 0x35, 0x9f, 0x9d, 4, 0);
    assert.deepEqual(readBytes(bits, memory), { bytes: Uint8Array.of(0x58) });
    const partly = located(longType, 0x5a, 0x93, 4, 0x93, 4);
    assert.deepEqual(readBytes(partly, memory), { missing: 'optimized out' });
  });

  it('are written where each piece is', () => {
    const value = located(intType, 0x90, 32, 0x93, 2, 0x5a, 0x93, 2);
    assert.equal(writeBytes(value, Uint8Array.of(1, 2, 3, 4), memory), undefined);
    assert.deepEqual(readBytes(value, memory), { bytes: Uint8Array.of(1, 2, 3, 4) });
    assert.equal(registers.get(10), 0x1122334455660403n);
    const lost = located(longType, 0x5a, 0x93, 4, 0x93, 4);
    assert.equal(writeBytes(lost, new Uint8Array(8), memory), 'it is optimized out');
  });
});
