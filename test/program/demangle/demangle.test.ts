import { strict as assert } from 'node:assert';
import { demangle } from '../../../program/demangle/demangle';
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
  _ZNKR1A4pickEv: 'A::pick() const &',
  _Z4callM1AKFviE: 'call(void (A::*)(int) const)',
  _Z4gridPA3_A4_i: 'grid(int (*) [3][4])',
  _Z4flipPFPFviEcE: 'flip(void (*(*)(char))(int))',
  _Z4makeIiEPFT_vES0_: 'int (*make<int>(int))()',
  _Z3sumIJiclEEvDpT_: 'void sum<int, char, long>(int, char, long)',
  _Z3addIiEDTplfp_fp_ET_: 'decltype ({parm#1}+{parm#1}) add<int>(int)',
  _ZN3BoxcvT_IiEEv: 'Box::operator int<int>()',
  'main.part.0': undefined,
  '_Z4workv.part.9.constprop.7': 'work() [clone .part.9] [clone .constprop.7]',
  _ZZ4holdIiEvT_E5count: 'hold<int>(int)::count',
  _ZZZ4mainENKUlT_E_clIiEEDaS_E1k: 'main::{lambda(auto:1)#1}::operator()<int>(int) const::k',
  _Z3vecDv4_f: 'vec(float __vector(4))',
  _Z4quitPDoFvvE: 'quit(void (*)() noexcept)',
  _ZDC4left5rightE: '[left, right]',
  _ZTAXtl4PairLi1ELi2EEE: 'template parameter object for Pair{1, 2}',
  _ZTcv0_n24_h8_N1D4selfEv: 'covariant return thunk to D::self()',
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
