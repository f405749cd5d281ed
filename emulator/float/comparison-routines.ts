import { floatConstants } from '../../riscv/float-constants';
import { f64, type I32, i32, i64, select } from '../wasm/expression';
import type { Library } from './library';
import {
  byFormat,
  canonicalNaN,
  formatOf,
  isInfinite,
  isNegative,
  isNotANumber,
  isSignalling,
  isZero,
  lowestExponent,
  type Numbers,
  raise,
  zero,
} from './numbers';
import { flag } from './routine-types';

/** Comparisons, the lesser and the greater, classes, constants. */
export function defineComparisons(library: Library, numbers: Numbers): void {
  const { widen, exponent, notANumber } = numbers;
  const compare = { eq: f64.eq, lt: f64.lt, le: f64.le } as const;

  const test = (name: string, operation: keyof typeof compare, isQuiet: boolean) =>
    library.define(name, ['i64', 'i64', 'i32'], 'i64', (body, left, right, how) => {
      const a = body.hold(widen(left, formatOf(how)));
      const b = body.hold(widen(right, formatOf(how)));
      const isInvalid = isQuiet ? isSignalling : isNotANumber;
      body.if(i32.or(isInvalid(a), isInvalid(b)), () => raise(body, flag.invalid));
      body.return(i64.extendU(compare[operation](f64.reinterpret(a), f64.reinterpret(b))));
    });
  test('quietEqual', 'eq', true);
  test('quietLess', 'lt', true);
  test('quietLessEqual', 'le', true);
  test('less', 'lt', false);
  test('lessEqual', 'le', false);

  const choose = (name: string, isMinimum: boolean, givesNaN: boolean) =>
    library.define(name, ['i64', 'i64', 'i32'], 'i64', (body, left, right, how) => {
      const a = body.hold(widen(left, formatOf(how)));
      const b = body.hold(widen(right, formatOf(how)));
      body.if(i32.or(isNotANumber(a), isNotANumber(b)), () => {
        const result = body.hold(notANumber(a, b, how));
        if (!givesNaN) {
          body.if(i32.eqz(isNotANumber(a)), () => body.return(left));
          body.if(i32.eqz(isNotANumber(b)), () => body.return(right));
        }
        body.return(result);
      });
      const [x, y] = [f64.reinterpret(a), f64.reinterpret(b)];
      const isFirstLess = i32.or(f64.lt(x, y), i32.and(f64.eq(x, y), isNegative(a)));
      body.return(isMinimum ? select(isFirstLess, left, right) : select(isFirstLess, right, left));
    });
  choose('minimum', true, false);
  choose('maximum', false, false);
  choose('minimumOrNaN', true, true);
  choose('maximumOrNaN', false, true);

  library.define('classify', ['i64', 'i32'], 'i64', (body, operand, how) => {
    const a = body.hold(widen(operand, formatOf(how)));
    const quiet = i64.constant(1n << 9n);
    body.if(isNotANumber(a), () => body.return(select(isSignalling(a), i64.constant(1n << 8n), quiet)));
    // The classes of numbers are counted from minus infinity (0) to infinity (7).
    const isSubnormal = i32.ltS(exponent(a), lowestExponent(formatOf(how)));
    const distance = select(isZero(a), zero, select(isInfinite(a), i32.constant(3), select(isSubnormal, i32.constant(1), i32.constant(2))));
    const number = select(isNegative(a), i32.sub(i32.constant(3), distance), i32.add(i32.constant(4), distance));
    body.return(i64.shl(i64.constant(1n), i64.extendU(number)));
  });

  library.define('constant', ['i64', 'i32'], 'i64', (body, number, how) => {
    const format = body.hold(formatOf(how));
    for (const [index, { value }] of floatConstants.entries()) {
      if (Number.isNaN(value)) continue;
      body.if(i64.eq(number, i64.constant(BigInt(index))), () => body.return(constantOf(value, format)));
    }
    body.return(canonicalNaN(format));
  });
}

function constantOf(value: number | 'min', format: I32) {
  return byFormat(format, i64.constant(halfBits(value)), i64.constant(singleBits(value)), i64.constant(doubleBits(value)));
}

function doubleBits(value: number | 'min'): bigint {
  return new BigInt64Array(new Float64Array([value === 'min' ? 2 ** -1022 : value]).buffer)[0]!;
}

function singleBits(value: number | 'min'): bigint {
  return (-1n << 32n) | BigInt(new Uint32Array(new Float32Array([value === 'min' ? 2 ** -126 : value]).buffer)[0]!);
}

/** 65536 is beyond the largest half and becomes infinity. */
function halfBits(value: number | 'min'): bigint {
  const size = value === 'min' ? 2 ** -14 : Math.abs(value);
  const exponent = Math.max(Math.floor(Math.log2(size)), -15);
  const bits = size >= 65536 ? 0x7c00 : exponent < -14 ? size * 2 ** 24 : (exponent + 15) * 1024 + (size / 2 ** exponent - 1) * 1024;
  return (-1n << 16n) | BigInt(value !== 'min' && value < 0 ? bits | 0x8000 : bits);
}
