import assert from 'node:assert/strict';
import { allModels } from '../../../ftrace/models/models';
import { GraphText } from '../../../ftrace/output/graph-text';
import { TraceText } from '../../../ftrace/output/trace-text';
import type { OptionName } from '../../../ftrace/tracing/trace-options';
import { assembled, Launch, nameOf, sampleProgram, stateOf, TracedLaunch } from '../launch';

/** f calls g twice, and t leaves for g by a tail call; exits with 3. */
const text = `
        .globl _start
_start: call f
        call t
        li a7, 93
        ecall
        .type f, @function
f:      addi sp, sp, -16
        sd ra, 8(sp)
        call g
        call g
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size f, .-f
        .type t, @function
t:      tail g
        .size t, .-t
        .type g, @function
g:      li a0, 3
        ret
        .size g, .-g
`;

function graph(program: string, options: readonly OptionName[] = [], prepare: (launch: TracedLaunch) => void = () => {}): string[] {
  const launch = new TracedLaunch(assembled(program));
  const { top } = launch.ftrace;
  prepare(launch);
  for (const option of options) top.setOption(option, true);
  top.setTracer('function_graph');
  launch.exit();
  return linesOf(launch);
}

function linesOf({ ftrace, program }: TracedLaunch): string[] {
  const context = { program, options: ftrace.top.options };
  const graphText = new GraphText(new TraceText(context), ftrace.top.options, program.name, true);
  return [...graphText.lines(ftrace.trace)].map((line) => line.text);
}

/** Durations apart. */
const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/[0-9]+\.[0-9]{3} us/, 'T us'));

describe('the function graph tracer', () => {
  it('nests calls, and closes a tail call by the return of its caller', () => {
    assert.deepEqual(plain(graph(text)), [
      ' 0)               |  f() {',
      ' 0)   T us    |    g();',
      ' 0)   T us    |    g();',
      ' 0)   T us    |  }',
      ' 0)               |  t() {',
      ' 0)   T us    |    g();',
      ' 0)   T us    |  }',
    ]);
  });

  it('prints what its options ask for', () => {
    assert.deepEqual(plain(graph(text, ['funcgraph-tail', 'funcgraph-retval'])).slice(0, 4), [
      ' 0)               |  f() {',
      ' 0)   T us    |    g(); /* = 0x3 */',
      ' 0)   T us    |    g(); /* = 0x3 */',
      ' 0)   T us    |  } /* f = 0x3 */',
    ]);
    assert.match(graph(text, ['funcgraph-abstime'])[0]!, /^ {4}0\.000000 \| {3}0\) {15}\| {2}f\(\) \{$/);
    assert.equal(graph(text, ['funcgraph-proc'])[0], ' 0)   program-1    |               |  f() {');
    assert.match(graph(text, ['funcgraph-retaddr'])[0]!, / f\(\) \{ \/\* <-_start\+0x8\/0x[0-9a-f]+ \*\/$/);
    assert.deepEqual(graph(text, ['funcgraph-overrun'])[1]!.split('\n')[1], ' (Overruns: 0)');
  });

  it('is limited by depth, function and notrace', () => {
    const names = (prepare: (launch: TracedLaunch) => void) => graph(text, [], prepare).map((line) => line.split('|')[1]!);
    assert.deepEqual(
      names(({ ftrace }) => {
        ftrace.graphSettings.maxDepth = 1;
      }),
      ['  f();', '  t();'],
    );
    assert.deepEqual(
      names(({ ftrace }) => ftrace.graphSettings.functions.change('t')),
      ['  t() {', '    g();', '  }'],
    );
    assert.deepEqual(
      names(({ ftrace }) => ftrace.graphSettings.notrace.change('g')),
      ['  f();', '  t();'],
    );
  });

  for (const model of allModels) {
    it(`changes nothing of a program that runs under it, in model ${nameOf(model)}`, () => {
      for (const name of ['fib.s', 'sort.s', 'files.elf']) {
        if (name === 'files.elf' && model.lead > 0) continue;
        const run = (traced: boolean) => {
          const launch = new TracedLaunch(sampleProgram(name, model), { model });
          if (traced) launch.ftrace.top.setTracer('function_graph');
          launch.exit();
          const { entries } = launch.ftrace.trace;
          launch.ftrace.top.setTracer('nop');
          const state = stateOf(launch);
          // a2 is the handler's, which the calling convention gives to every function.
          for (const register of [1, 12]) state.registers[register] = 0n;
          state.memory.forEach((_, key) => {
            if (key.startsWith('stack')) state.memory.delete(key);
          });
          return { entries, state, output: launch.output };
        };
        const [on, off] = [run(true), run(false)];
        assert.ok(on.entries > 10);
        assert.deepEqual({ ...on, entries: 0 }, { ...off, entries: 0 }, name);
      }
    });
  }

  it('gives each of two users its own', () => {
    const launch = new TracedLaunch(assembled(text));
    const { ftrace } = launch;
    const other = ftrace.makeInstance('foo');
    other.hash.filter.change('g');
    ftrace.top.hash.filter.change('f');
    ftrace.top.setTracer('function_graph');
    other.setTracer('function_graph');
    launch.exit();
    assert.deepEqual([ftrace.top.buffer.entries, other.buffer.entries], [2, 6]);
  });

  it('goes on after a longjmp, over the calls that it left', () => {
    const jumps = `
        .globl _start
_start: mv s1, sp
        call f
back:   mv sp, s1
        call g
        li a7, 93
        ecall
        .type f, @function
f:      addi sp, sp, -16
        call h
        .size f, .-f
        .type h, @function
h:      j back
        .size h, .-h
        .type g, @function
g:      li a0, 3
        ret
        .size g, .-g
`;
    const lines = graph(jumps).map((line) => line.split('|')[1]!);
    assert.deepEqual(lines, ['  f() {', '    h() {', '  g();']);
  });

  it("stops with the kernel's warning where a function returns with another frame pointer, and the program goes on", () => {
    const broken = `
        .globl _start
_start: call f
        call g
        li a7, 93
        ecall
        .type f, @function
f:      addi s0, s0, 1
        ret
        .size f, .-f
        .type g, @function
g:      li a0, 3
        ret
        .size g, .-g
`;
    const messages: string[] = [];
    const launch = new TracedLaunch(assembled(broken), { printk: (message) => messages.push(message) });
    launch.ftrace.top.setTracer('function_graph');
    assert.equal(launch.exit(), 3);
    assert.equal(messages.length, 1);
    assert.match(messages[0]!, /Bad frame pointer: expected 0, received 1\n {2}from func f return to 1[0-9a-f]+\n/);
    assert.deepEqual(linesOf(launch), [' 0)               |  f() {']);
    assert.throws(() => launch.ftrace.makeInstance('foo').setTracer('function_graph'), /EBUSY|busy/);
  });

  it('counts calls that are nested too deep, and the program goes on', () => {
    const deep = `
        .globl _start
_start: li a0, 5000
        call f
        li a7, 93
        ecall
        .type f, @function
f:      beqz a0, 1f
        addi sp, sp, -16
        sd ra, 8(sp)
        addi a0, a0, -1
        call f
        ld ra, 8(sp)
        addi sp, sp, 16
1:      ret
        .size f, .-f
`;
    const launch = new TracedLaunch(assembled(deep));
    launch.ftrace.top.setTracer('function_graph');
    assert.equal(launch.exit(), 0);
    const last = launch.ftrace.trace.record(launch.ftrace.trace.written - 1)!;
    assert.equal(last.words[3], BigInt(5001 - 4096));
    assert.equal(new Launch(assembled(deep)).exit(), 0);
  });
});
