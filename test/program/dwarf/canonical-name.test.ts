import { strict as assert } from 'node:assert';
import { canonicalName } from '../../../program/dwarf/entries/canonical-name';
import { randomBelow } from '../../support/random';

/** Names as GCC 12 and LLVM 19 have them, and as gdb 13 prints the types. */
const names: Readonly<Record<string, string>> = {
  'W<int>': 'W<int>',
  'W<long int>': 'W<long>',
  'W<long long unsigned int>': 'W<unsigned long long>',
  'W<const char *>': 'W<char const*>',
  'W<char const*>': 'W<char const*>',
  'W<W<W<const char *> > >': 'W<W<W<char const*> > >',
  'W<W<int>>': 'W<W<int> >',
  'W<const volatile int *const *>': 'W<int const volatile* const*>',
  'W<int *const>': 'W<int* const>',
  'W<const int &>': 'W<int const&>',
  'W<int &&>': 'W<int&&>',
  'W<int[3]>': 'W<int [3]>',
  'W<const int[2]>': 'W<int const [2]>',
  'W<int (*)(int)>': 'W<int (*)(int)>',
  'W<int (&)(const char *)>': 'W<int (&)(char const*)>',
  'W<int ns::S::*>': 'W<int ns::S::*>',
  'W<int (ns::S::*)(int) const>': 'W<int (ns::S::*)(int) const>',
  'W<const W<const int> *>': 'W<W<int const> const*>',
  'W<ns::In<const ns::S> >': 'W<ns::In<ns::S const> >',
  'W<(anonymous namespace)::Anon>': 'W<(anonymous namespace)::Anon>',
  "V<-1L, 7U, 'z', true>": "V<-1l, 7u, (char)'z', true>",
  "V<5000000000, 1, '\\012', false>": "V<5000000000, 1, (char)'\\012', false>",
  'E<(Color)0, (Mode)1>': 'E<(Color)0, (Mode)1>',
  'P1<(& glob)>': 'P1<&glob>',
  'MP<&ns::S::x>': 'MP<&ns::S::x>',
  'Var<int, const char *, W<long> >': 'Var<int, char const*, W<long> >',
  'Two<const char *, unsigned long>::Inner': 'Two<char const*, unsigned long>::Inner',
  'Ints<>': 'Ints<>',
  'Buffer<int,3>': 'Buffer<int, 3>',
  // What gdb does not understand it leaves alone.
  'Q<int(int), long int>': 'Q<int(int), long int>',
  "V<0L, 0U, '\\xc8', false>": "V<0L, 0U, '\\xc8', false>",
  'operator<': 'operator<',
  plain: 'plain',
};

describe('names of C++ are written as gdb writes them', () => {
  for (const [name, canonical] of Object.entries(names)) {
    it(name, () => assert.equal(canonicalName(name), canonical));
  }

  it('and any text is read to its end in little time', () => {
    const random = randomBelow(3);
    const pieces = ['W<', '>', ', ', 'int', ' const', '*', '&', '::', '(', ')', '[3]', "'a'", '12ul', 'ns', ' ', '<', 'operator'];
    for (let round = 0; round < 5000; round++) {
      const name = Array.from({ length: random(30) }, () => pieces[random(pieces.length)]).join('');
      const once = canonicalName(name);
      assert.equal(canonicalName(once), once);
    }
    for (const name of ['W<'.repeat(50_000), `W<${'('.repeat(50_000)}`, `W<${'const '.repeat(20_000)}>`]) canonicalName(name);
  });
});
