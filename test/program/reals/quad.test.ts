import { strict as assert } from 'node:assert';
import { Quad } from '../../../program/reals/quad';
import { quadText } from '../../../program/reals/quad-text';

const text = (value: Quad) => quadText(value.bits);
const quad = (decimal: string) => Quad.parse(decimal);

describe('long double arithmetic', () => {
  for (const [what, result, expected] of [
    ['1 / 3', quad('1').dividedBy(quad('3')), '0.333333333333333333333333333333333317'],
    ['0.1 + 0.2', quad('0.1').plus(quad('0.2')), '0.300000000000000000000000000000000039'],
    ['1 / 3 * 3', quad('1').dividedBy(quad('3')).times(quad('3')), '1'],
    ['2^113 + 1, a tie to even', Quad.of(2n ** 113n).plus(Quad.of(1n)), text(Quad.of(2n ** 113n))],
    ['2^113 + 3, a tie to even', Quad.of(2n ** 113n + 3n), text(Quad.of(2n ** 113n + 4n))],
    ['the largest, doubled', quad('1e4932').times(quad('2')), 'inf'],
    ['the least, halved', new Quad(1n).times(quad('0.5')), '0'],
    ['-1 / 0', quad('-1').dividedBy(quad('0')), '-inf'],
    ['0 / 0', quad('0').dividedBy(quad('0')), 'nan(0x8000000000000000000000000000)'],
    ['inf - inf', Quad.of(Number.POSITIVE_INFINITY).minus(Quad.of(Number.POSITIVE_INFINITY)), 'nan(0x8000000000000000000000000000)'],
    ['1 - 1', quad('1').minus(quad('1')), '0'],
    ['-0 + -0', Quad.of(-0).plus(Quad.of(-0)), '-0'],
    ['0 * -1', quad('0').times(quad('-1')), '-0'],
    ['the double 0.1', Quad.of(0.1), '0.100000000000000005551115123125782702'],
    ['the least double', Quad.of(5e-324), '4.94065645841246544176568792868221372e-324'],
  ] as const) {
    it(what, () => assert.equal(text(result), expected));
  }

  it('to doubles and back is exact', () => {
    for (const value of [0, -0, 1, -1.5, 0.1, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, Number.POSITIVE_INFINITY]) {
      assert.ok(Object.is(Quad.of(value).toNumber(), value), `${value}`);
    }
    assert.equal(quad('1e400').toNumber(), Number.POSITIVE_INFINITY);
    assert.ok(Number.isNaN(Quad.of(Number.NaN).toNumber()));
  });

  it('compares, and a NaN with nothing', () => {
    assert.equal(quad('-1').compareTo(quad('0.5')), -1);
    assert.equal(Quad.of(-0).compareTo(quad('0')), 0);
    assert.equal(Quad.of(Number.NaN).compareTo(quad('0')), undefined);
  });

  it('is cut towards zero', () => assert.deepEqual([quad('-2.9').toInteger(), quad('1e30').toInteger()], [-2n, 10n ** 30n]));
});
