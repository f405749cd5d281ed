import assert from 'node:assert/strict';
import { type FilterPattern, matchFunctions, parseFilterPattern } from '../../ftrace/filter-pattern';
import { globMatches } from '../../ftrace/glob';

describe('a filter pattern', () => {
  it('is of the kind the kernel sees in it', () => {
    const kinds: [text: string, kind: FilterPattern['kind'], rest?: string][] = [
      ['vfs_read', 'full', 'vfs_read'],
      ['', 'full', ''],
      ['vfs*', 'front', 'vfs'],
      ['*read', 'end', 'read'],
      ['*', 'end', ''],
      ['*sched*', 'middle', 'sched'],
      ['**', 'middle', ''],
      ['mutex*unl*', 'glob'],
      ['sch*ule', 'glob'],
      ['*pin*lock', 'glob'],
      ['***', 'glob'],
      ['sch?dule', 'glob'],
      ['?*', 'glob'],
      ['*?', 'glob'],
      ['[Ss]y[Ss]_*', 'glob'],
      ['*\\', 'glob'],
    ];
    for (const [text, kind, rest] of kinds) {
      assert.deepEqual(parseFilterPattern(text), { kind, text: rest ?? text }, text);
    }
  });

  it('selects what the kselftest of the kernel expects of it', () => {
    const names = [
      'schedule',
      'sch_dule',
      'mutex_unlock',
      'mutex_lock',
      'Sys_read',
      'syS_read',
      'spin_lock',
      'do_schedule_now',
      'pin_a_lock_b',
    ];
    const functions = names.map((name) => ({ name }));
    const select = (pattern: string) => matchFunctions(pattern, functions).map((each) => each.name);
    assert.deepEqual(select('schedule'), ['schedule']);
    assert.deepEqual(select('*schedule'), ['schedule']);
    assert.deepEqual(select('*schedule*'), ['schedule', 'do_schedule_now']);
    assert.deepEqual(select('schedule*'), ['schedule']);
    assert.deepEqual(select('*pin*lock'), ['spin_lock']);
    assert.deepEqual(select('mutex*unl*'), ['mutex_unlock']);
    assert.deepEqual(select('sch*ule'), ['schedule', 'sch_dule']);
    assert.deepEqual(select('sch?dule'), ['schedule', 'sch_dule']);
    assert.deepEqual(select('[Ss]y[Ss]_*'), ['Sys_read', 'syS_read']);
    assert.deepEqual(select('2'), ['sch_dule']);
    assert.deepEqual(select('0x3'), ['mutex_unlock']);
    for (const nothing of ['0', '10', '00', '3rd', 'Schedule', '']) assert.deepEqual(select(nothing), [], nothing);
  });

  it('as a glob agrees with a regular expression, over all short patterns and texts', () => {
    const texts = allOf('ab', 4);
    for (const pattern of allOf('ab*?', 4)) {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      for (const text of texts) assert.equal(globMatches(pattern, text), expression.test(text), `${pattern} on ${text}`);
    }
  });

  it('as a glob has the classes and escapes of lib/glob.c', () => {
    const cases: [pattern: string, text: string, matches: boolean][] = [
      ['[a]', 'a', true],
      ['[a]', 'b', false],
      ['[!a]', 'a', false],
      ['[!a]', 'b', true],
      ['[^a]', '^', true],
      ['[ab]', 'b', true],
      ['[a-c]b', 'cb', true],
      ['[a-c]b', 'db', false],
      ['[]]', ']', true],
      ['[]-a]', 'a', true],
      ['[!]a-]', ']', false],
      ['[a-]', '-', true],
      ['[a', '[a', true],
      ['[a', 'a', false],
      ['[a-', '[a-', true],
      ['a\\*b', 'a*b', true],
      ['a\\*b', 'axb', false],
      ['a\\', 'a', true],
      ['*ab*cd*', 'abcabcabcdefg', true],
      ['*ab*cd*', 'abcabcabcefg', false],
      ['*bc', 'abcbc', true],
    ];
    for (const [pattern, text, matches] of cases) assert.equal(globMatches(pattern, text), matches, `${pattern} on ${text}`);
  });

  it('of many stars does not take long', () => {
    const started = performance.now();
    assert.equal(globMatches('*a'.repeat(30), 'b'.repeat(5000)), false);
    assert.equal(globMatches(`${'*a'.repeat(30)}b`, 'a'.repeat(5000)), false);
    assert.ok(performance.now() - started < 20_000);
  });
});

function allOf(alphabet: string, longest: number): string[] {
  let texts = [''];
  const all = [''];
  for (let length = 0; length < longest; length++) {
    texts = texts.flatMap((text) => [...alphabet].map((character) => text + character));
    all.push(...texts);
  }
  return all;
}
