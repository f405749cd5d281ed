import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allModels, type Model } from '../../../ftrace/models/models';
import { GraphText } from '../../../ftrace/output/graph-text';
import { TraceText } from '../../../ftrace/output/trace-text';
import { recordType } from '../../../ftrace/ring-buffer';
import { TracefsShell } from '../../../ftrace/tracefs/shell';
import { Tracefs } from '../../../ftrace/tracefs/tracefs';
import type { OptionName } from '../../../ftrace/tracing/trace-options';
import { readProgram } from '../../../program/read-program';
import { requireTools } from '../../support/tools';
import { assembled, nameOf, TracedLaunch } from '../launch';

interface Build {
  readonly compiler: readonly string[];
  readonly flags: readonly string[];
  /** Without symbols no longjmp is known, and calls that one leaves have no end. */
  readonly stripped?: boolean;
}

const gcc = ['riscv64-linux-gnu-g++', '-fnon-call-exceptions'];
const clang = ['clang-19', '--driver-mode=g++', '--target=riscv64-linux-gnu', '-fuse-ld=lld-19'];
/** For all models, those with calls of their own too. */
const patchable = ['-fpatchable-function-entry=8,4', '-falign-functions=8'];
const builds: readonly Build[] = [
  { compiler: gcc, flags: ['-O0'] },
  { compiler: gcc, flags: ['-O1'], stripped: true },
  { compiler: gcc, flags: ['-O2', '-fno-omit-frame-pointer'] },
  { compiler: gcc, flags: ['-O2', '-msave-restore'] },
  { compiler: clang, flags: ['-O2'] },
];
/** How the program ends, and whether calls are open then. */
const ends = [
  { word: 'return', isOpen: false },
  { word: 'uncaught', isOpen: true },
  { word: 'noexcept', isOpen: true },
  { word: 'exit', isOpen: false },
];

function traced(program: TracedLaunch['program'], model: Model, word: string, hotAfter?: number): { launch: TracedLaunch; code: number } {
  const launch = new TracedLaunch(program, { model, kilobytes: 4096 }, hotAfter, [word]);
  launch.ftrace.top.setTracer('function_graph');
  return { launch, code: launch.exit() };
}

function textOf({ ftrace, program }: TracedLaunch, ...options: readonly OptionName[]): readonly string[] {
  for (const option of options) ftrace.top.setOption(option, true);
  const text = new GraphText(new TraceText({ program, options: ftrace.top.options }), ftrace.top.options, program.name, true);
  return [...text.lines(ftrace.trace)].map((line) => line.text.split('|')[1]!.slice(2));
}

/** Calls, their ends, and what is still open at the end. */
function callsOf({ ftrace }: TracedLaunch): { calls: number; ends: number; open: readonly string[] } {
  const open: string[] = [];
  const counts = { calls: 0, ends: 0 };
  for (const { type, ip, depth } of ftrace.trace.from(0)) {
    const name = ftrace.registry.functionOfIp(ip)!.name;
    if (type === recordType.graphEntry) {
      counts.calls++;
      open.length = Math.min(open.length, depth);
      assert.equal(open.length, depth, name);
      open.push(name);
    } else {
      assert.equal(type, recordType.graphExit);
      counts.ends++;
      assert.equal(open.pop(), name);
      assert.equal(open.length, depth, name);
    }
  }
  return { ...counts, open };
}

/**
 * A function with the name of one that walks stacks, traced itself and come to by a tail call: exits with 0 where it finds its caller's
 * return address and that one's. And one with the name of one that jumps, which returns.
 */
const walker = `
        .globl _start
_start: call f
in_start:
        li a7, 93
        ecall
        .type f, @function
f:      addi sp, sp, -16
        sd ra, 8(sp)
        call t
in_f:   call longjmp
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size f, .-f
        .type t, @function
t:      tail _Unwind_Backtrace
        .size t, .-t
        .type _Unwind_Backtrace, @function
_Unwind_Backtrace:
        la a0, in_f
        xor a0, a0, ra
        la a1, in_start
        ld a2, 8(sp)
        xor a1, a1, a2
        or a0, a0, a1
        snez a0, a0
        ret
        .size _Unwind_Backtrace, .-_Unwind_Backtrace
        .type longjmp, @function
longjmp:
        ret
        .size longjmp, .-longjmp
`;

/** One exception, one longjmp, and returns. */
const small = `
#include <csetjmp>
struct Guard { ~Guard(); };
Guard::~Guard() {}
extern "C" {
std::jmp_buf back;
int thrower(int n) { throw n; }
int keeper(int n) { Guard guard; return thrower(n) + 1; }
int catcher(int n) { try { return keeper(n); } catch (int caught) { return caught; } }
int jumper(int n) { std::longjmp(back, n); }
int through(int n) { return jumper(n) + 1; }
int jumps(int n) { int value = setjmp(back); return value ? value : through(n); }
int main() { return catcher(3) + jumps(4); }
}
`;

describe('exceptions, longjmp and walks of the stack under the function graph tracer', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function built({ compiler: [command, ...own], flags, stripped = false }: Build): string {
    const path = join(folder, `${command}${flags.join('')}`);
    const strip = stripped ? ['-s'] : [];
    execFileSync(command!, [...own, ...flags, ...patchable, ...strip, '-static', '-w', join(__dirname, 'unwinding.cc'), '-o', path]);
    return path;
  }

  builds.forEach((build, first) => {
    const { compiler, flags, stripped } = build;
    it(`are as without one: ${[compiler[0], ...flags].join(' ')}${stripped ? ', without symbols' : ''}`, function () {
      this.timeout(120_000);
      const isClang = compiler === clang;
      requireTools(this, 'qemu-riscv64', compiler[0]!, ...(isClang ? ['ld.lld-19', 'riscv64-linux-gnu-gcc'] : []));
      const path = built(build);
      const program = readProgram(readFileSync(path), 'program');
      ends.forEach(({ word, ...end }, index) => {
        const isOpen = end.isOpen || (stripped && word === 'exit');
        const theirs = spawnSync('qemu-riscv64', ['-0', 'program', path, word], { encoding: 'latin1' });
        const model = allModels[(first + index) % allModels.length]!;
        const { launch, code } = traced(program, model, word);
        assert.equal(launch.output, theirs.stdout, `${word}, ${nameOf(model)}`);
        assert.equal(code, theirs.status);
        const { calls, ends, open } = callsOf(launch);
        assert.ok(calls > 200, `${calls} calls`);
        if (!isOpen) assert.deepEqual(open, []);
        if (!isOpen && !stripped) assert.equal(ends, calls);
        if (isOpen) assert.match(open[0]!, /^main$|^0x/);
      });
    });
  });

  it('make the same trace in both engines', function () {
    this.timeout(120_000);
    requireTools(this, gcc[0]!);
    const program = readProgram(readFileSync(built(builds[0]!)), 'program');
    const [ours, theirs] = [2, 0].map((hotAfter) => traced(program, allModels[0]!, 'exit', hotAfter).launch);
    assert.equal(ours!.machine.instret, theirs!.machine.instret);
    assert.deepEqual(textOf(ours!, 'funcgraph-abstime'), textOf(theirs!, 'funcgraph-abstime'));
  });

  for (const model of allModels) {
    it(`see true return addresses in functions that are traced themselves: ${nameOf(model)}`, () => {
      for (const hotAfter of [2, 0]) {
        const launch = new TracedLaunch(assembled(walker, model), { model }, hotAfter);
        launch.ftrace.top.setTracer('function_graph');
        assert.equal(launch.exit(), 0);
        assert.deepEqual(textOf(launch), ['f() {', '  t() {', '    _Unwind_Backtrace();', '  }', '  longjmp();', '}']);
      }
    });
  }

  describe('of a small program', () => {
    let program: TracedLaunch['program'];
    before(function () {
      requireTools(this, gcc[0]!);
      const [source, path] = [join(folder, 'small.cc'), join(folder, 'small')];
      writeFileSync(source, small);
      execFileSync(gcc[0]!, ['-O0', '-w', ...patchable, '-static', source, '-o', path]);
      program = readProgram(readFileSync(path), 'program');
    });

    function shell(...commands: readonly string[]): (command: string) => string {
      const launch = new TracedLaunch(program, { model: allModels.find(({ name }) => name === 'call-ops')! });
      const console = new TracefsShell(new Tracefs(launch.ftrace));
      const run = (command: string): string => {
        const { output } = console.run(command);
        return output;
      };
      for (const command of commands) assert.equal(run(command), '', command);
      assert.equal(launch.exit(), 7);
      return run;
    }

    it('end the calls that they leave, which return no value', () => {
      const launch = new TracedLaunch(program);
      launch.ftrace.top.setTracer('function_graph');
      assert.equal(launch.exit(), 7);
      const lines = textOf(launch, 'funcgraph-retval').map((line) => line.replace(/= 0x[0-9a-f]{2,} /, '= some '));
      assert.deepEqual(lines, [
        'main() {',
        '  catcher() {',
        '    keeper() {',
        '      thrower();',
        '      _ZN5GuardD2Ev(); /* = some */',
        '    }',
        '  } /* catcher = 0x3 */',
        '  jumps() {',
        '    through() {',
        '      jumper();',
        '    }',
        '  } /* jumps = 0x4 */',
        '} /* main = 0x7 */',
      ]);
    });

    it('are times of the profiler, and no events of returns', () => {
      const run = shell(
        'echo "f:returned catcher%return r=$retval" >> dynamic_events',
        'echo "f:left keeper%return r=$retval" >> dynamic_events',
        'echo 1 > events/fprobes/enable',
        'echo 1 > function_profile_enabled',
      );
      assert.match(run('cat trace_stat/function0'), /^ {2}keeper +1 /m);
      assert.match(run('cat trace'), /returned: .* r=0x3/);
      assert.doesNotMatch(run('cat trace'), /left: /);
    });

    it('pass probes at the unwinder', () => {
      const run = shell(
        'echo "p:raise _Unwind_RaiseException" >> dynamic_events',
        'echo 1 > events/kprobes/enable',
        'echo function_graph > current_tracer',
      );
      assert.match(run('cat trace'), /\* raise: \(_Unwind_RaiseException/);
    });

    it('end within the limits of the graph tracer', () => {
      const run = shell('echo thrower jumper > set_graph_function', 'echo 1 > max_graph_depth', 'echo function_graph > current_tracer');
      const lines = run('cat trace')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'));
      assert.deepEqual(
        lines.map((line) => line.split('|')[1]!.trim()),
        ['thrower();', 'jumper();'],
      );
    });
  });
});
