import { strict as assert } from 'node:assert';
import { demangle } from '../../../program/elf/demangle';
import { randomBelow } from '../../support/random';

/** What c++filt prints. */
const names: Readonly<Record<string, string | undefined>> = {
  _Z3fooi: 'foo(int)',
  _ZN3geo4RectC2Eii: 'geo::Rect::Rect(int, int)',
  _ZN3geo5ShapeD0Ev: 'geo::Shape::~Shape()',
  _ZNK3geo4Rect4areaEv: 'geo::Rect::area() const',
  _ZTVN3geo4RectE: 'vtable for geo::Rect',
  _ZTC3Dia16_2D2: 'construction vtable for D2-in-Dia',
  _ZN3geo7biggestIiEET_S1_S1_: 'int geo::biggest<int>(int, int)',
  _Z1fPFivE: 'f(int (*)())',
  _Z1fRA3_Kc: 'f(char const (&) [3])',
  _ZN12_GLOBAL__N_16hiddenE: '(anonymous namespace)::hidden',
  _ZNSsD1Ev: 'std::basic_string<char, std::char_traits<char>, std::allocator<char> >::~basic_string()',
  _Z1fRSo: 'f(std::basic_ostream<char, std::char_traits<char> >&)',
  _ZNSt6vectorIiSaIiEE9push_backEOi: 'std::vector<int, std::allocator<int> >::push_back(int&&)',
  _ZplRK1AS1_: 'operator+(A const&, A const&)',
  _ZZ4mainENKUliE_clEi: 'main::{lambda(int)#1}::operator()(int) const',
  _ZThn16_N2D21fEv: 'non-virtual thunk to D2::f()',
  _ZN1BIiECI21AIiEEi: 'B<int>::A(int)',
  main: undefined,
  _Z: undefined,
  _Zfoo: undefined,
};

describe('demangled names', () => {
  for (const [symbol, name] of Object.entries(names)) it(`of ${symbol}`, () => assert.equal(demangle(symbol), name));

  it('end for any symbol', () => {
    const letters = '_ZNKSt3fooEIiT_SPRC1D2L0A9FvMbcdXzJUlGTV.'.split('');
    const random = randomBelow(5);
    for (let round = 0; round < 20_000; round++) {
      const symbol = `_Z${Array.from({ length: random(40) }, () => letters[random(letters.length)]).join('')}`;
      assert.ok((demangle(symbol)?.length ?? 0) < 50_000);
    }
  });
});
