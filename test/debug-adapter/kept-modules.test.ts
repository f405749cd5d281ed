import assert from 'node:assert/strict';
import { keptModulesText, parseKeptModules } from '../../debug-adapter/kept-modules-text';

describe('Kept modules', () => {
  const seal = 'a'.repeat(64);
  const text = keptModulesText(new Map([['routines true', Uint8Array.of(0, 97, 115, 109, 255)]]), seal);

  it('come back as they were', () => {
    const modules = parseKeptModules(text, seal);
    assert.deepEqual([...modules.keys()], ['routines true']);
    assert.deepEqual([...modules.get('routines true')!], [0, 97, 115, 109, 255]);
  });

  for (const [what, kept, of] of [
    ['of another bundle', text, 'b'.repeat(64)],
    ['beside a bundle without a seal', keptModulesText(new Map(), ''), ''],
    ['cut off', text.slice(0, -5), seal],
    ['empty', '', seal],
    ['no object', 'null', seal],
  ] as const) {
    it(`are none where they are ${what}`, () => assert.equal(parseKeptModules(kept, of).size, 0));
  }
});
