import assert from 'node:assert/strict';
import { allModels } from '../../../ftrace/models/models';
import { Both, debuggerCalls } from '../both-engines';

/** A page that ends with 40 characters, and is the last: where they begin, and where the page ends. */
const cut = 0x20_0fd8n;
const end = cut + 40n;

/** Calls a function; texts, pointers to them and to that page, and numbers. */
const program = `
        .globl _start
_start: addi s0, s0, 1
        mv a0, s0
        la a1, texts
        rdinstret s2
        csrr s3, fcsr
        call traced
        j _start
        .type traced, @function
traced: add a0, a0, s0
count:  rdinstret a2
flags:  csrrs a3, fflags, a0
mode:   csrrwi a4, frm, 1
        fcvt.s.d fa0, fa1
        ret
        .size traced, .-traced
        .data
        .align 3
short:  .string "short"
long:   .string "${'abcdefghij'.repeat(12)}"
longer: .string "${'0123456789'.repeat(40)}"
        .align 3
texts:  .dword short, long, 0, longer, ${cut}, ${cut + 8n}, ${end - 1n}, 0x7fffffff000, ${end - 2n}
words:  .dword 1, 2, 3
`;

const [abc, digits] = ['abcdefghij'.repeat(12), '0123456789'.repeat(40)];

/** Arguments, with `cut` and `end` as addresses, and what the trace shows of them. */
const shown: Readonly<Record<string, string>> = {
  '@texts:string[1]': '{"short"}',
  '@texts:string[3]': `{"short","${abc}",(fault)}`,
  '@texts+8:ustring[6]': `{"${abc}",(fault),"${digits.slice(0, 256)}","${'x'.repeat(40)}","${'x'.repeat(32)}","x"}`,
  '@texts+48:string[3]': '{"x",(fault),"xx"}',
  '@cut:string[2]': '{(fault),(fault)}',
  '@short:string @texts+24:u64 @texts:string[2]': `"short" arg2=DIGITS arg3={"short","${abc}"}`,
  '@cut:string': `"${'x'.repeat(40)}"`,
  '@cut+7:string': `"${'x'.repeat(33)}"`,
  '@cut+8:string': `"${'x'.repeat(32)}"`,
  '@cut+9:string': `"${'x'.repeat(31)}"`,
  '@cut+33:string': `"${'x'.repeat(7)}"`,
  '@cut+39:string': '"x"',
  '@end:string': '(fault)',
  '+0($stack):u64 @end:u64 @cut+33:u64 @cut+36:u32 @cut+37:u32': `DIGITS arg2=0 arg3=0 arg4=${0x78787878} arg5=0`,
  '+0(@end):string': '(fault)',
  '+8(@texts+16):u8': '0',
  '+0(@texts+16):u64[2]': '{0,0}',
  '@words:u64[3] @words:x8[2]': '{1,2,3} arg2={0x1,0x0}',
  '@words:u8[64] @words:u8[64] @words:u8[64]': `{1,${'0,'.repeat(7)}`,
};

const hex = (address: bigint) => `0x${address.toString(16)}`;

describe('arguments that the engine fetches', () => {
  const [args] = allModels;
  const fprobes = allModels.find(({ hasFprobe }) => hasFprobe)!;

  for (const [words, text] of Object.entries(shown)) {
    it(`are what the debugger would fetch, without its being called: ${words}`, () => {
      // What is relative to sp is known at both; a kprobe has registers, and an fprobe a frame.
      for (const [model, definition, group] of [
        [args!, 'p:one count', 'kprobes'],
        [fprobes, 'f:one traced', 'fprobes'],
      ] as const) {
        const both = new Both(program, model, 256);
        const placed = words.replace(/cut(?:\+(\d+))?/g, (_, more) => hex(cut + BigInt(more ?? 0))).replace(/@end/g, `@${hex(end)}`);
        both.each(({ machine: { memory } }) => {
          memory.map({ name: 'texts', address: end - 4096n, size: 4096n, permissions: { read: true, write: true, execute: false } });
          memory.write(cut, new TextEncoder().encode('x'.repeat(40)));
        });
        assert.equal(both.shell(`echo '${definition} ${placed}' > dynamic_events`), '');
        assert.equal(both.shell(`echo 1 > events/${group}/one/enable`), '');
        both.run(2000, words);
        const { machine } = both.launches[0]!;
        const before = debuggerCalls(machine);
        both.run(20_000, words);
        assert.ok(debuggerCalls(machine) - before < 40, `${debuggerCalls(machine) - before} calls of the debugger by ${definition}`);
        const trace = both.shell('cat trace');
        const found = trace.slice(trace.lastIndexOf('arg1=') + 5);
        assert.match(found, new RegExp(`^${text.replace(/[{}()]/g, '\\$&').replace(/DIGITS/, '\\d+')}`));
      }
    });
  }

  for (const place of ['count', 'flags', 'mode']) {
    it(`and so are those at instructions of CSRs: ${place}`, () => {
      const both = new Both(program, args!, 256);
      assert.equal(both.shell(`echo 'p:one ${place} %a0 %a2 %a3 %a4' > dynamic_events`), '');
      assert.equal(both.shell('echo 1 > events/kprobes/one/enable'), '');
      for (let round = 0; round < 30; round += 1) both.run(1 + ((round * 7) % 40), `${round}`);
      const { machine, ftrace } = both.launches[0]!;
      const before = debuggerCalls(machine);
      both.run(20_000, place);
      assert.ok(debuggerCalls(machine) - before < 10, `${debuggerCalls(machine) - before} calls of the debugger`);
      for (const register of [10, 12, 13, 14, 18, 19]) both.same((launch) => launch.machine.readX(register), `x${register}`);
      both.shell('cat trace');
      both.shell('cat kprobe_profile');
      assert.ok(ftrace.trace.written > 800, `${ftrace.trace.written} records`);
    });
  }
});
