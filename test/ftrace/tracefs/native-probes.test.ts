import assert from 'node:assert/strict';
import { allModels, type Model } from '../../../ftrace/models/models';
import { Random } from '../../support/random';
import { Both, debuggerCalls } from '../both-engines';
import { calls } from '../calls-program';

/** Arguments of probes: what is in registers, what they lead to, and what the engine cannot fetch. */
const fetched = ['$arg1', '$arg2:u8', '$arg3:s32', '$arg8:x16', '$stack', '$stack0', '$stack1:symbol', '+0($stack):s8', '-8($stack):u16'];
const followed = [
  '+8($stack):u64[3]',
  '+16($stack):x8[4]',
  '+0(+0($stack))',
  '@_start:x32',
  'x=\\5:s8',
  '$comm',
  '+0($arg1):u32',
  '$arg1:symstr',
];
const odd = [
  '+0($stack):string',
  '+8($stack):string',
  '@_start:string',
  '@leaf+2:ustring',
  '+0(+0($stack)):string',
  '$arg4:b3@2/8',
  '+1($stack):b5@3/16',
  '@leaf+2:x16[2]',
];
/** Texts of every length that matters, and more words than a record has. */
const lengths = [31, 32, 39, 40, 255, 256, 300];
const long = [
  ...lengths.map((length) => `@text${length}:string`),
  ...['@text300+100:string', '@text300+297:string', '@text40+3:ustring', '@end:string', '@end+20:string', '$comm'],
  ...['@pointers:string[5]', '@pointers+8:string[2]', '+0(@pointers+16):u32', '+0(@pointers+32):string'],
  ...['+0($stack):u64[40]', '+0($stack):x8[20]', '@text300:u8[64]'],
];
const texts = `
        .data
${lengths.map((length) => `text${length}: .string "${'abcdefghijklmnopqrstuvwxyz '.repeat(12).slice(0, length)}"`).join('\n')}
        .align 3
pointers: .dword text31, text255, 0, end, 7
        .align 12
        .skip 4056
end:    .ascii "${'0123456789'.repeat(4)}"
`;
const returned = ['$retval', '$retval:x8', '$retval:s64', '$arg1', '$arg8:u16', '\\7', '$comm'];
const words = [...fetched, ...followed, ...odd, ...long];

/** Loads, stores and arithmetic at probes, on the stack and in data in turn, and in the end what is put for END. */
const accesses = `
        .globl _start
_start: li s0, 0
        la s1, data
        li s2, 300
again:  andi a1, s0, 24
        mv a2, s1
        bnez a1, load
        mv a2, sp
load:   ld a0, 0(a2)
        addi a0, a0, 1
store:  sd a0, 0(a2)
double: fcvt.d.l fa0, a0
        addi s0, s0, 1
        fadd.d fa1, fa1, fa0
branch: blt s0, s2, again
end:    END
        j end
        .data
        .align 4
data:   .dword 5
`;

/** s0 takes values of 64 bits, its lowest byte each that there is; s1 counts. */
const numbers = `
        .globl _start
_start: li s2, 0x9e3779b97f4a7c15
        .option norvc
again:  addi s1, s1, 1
        add s0, s0, s2
        j again
`;

/** Arithmetic with every rounding mode in turn, the reserved ones too for END, and atomic accesses, at the end to an odd address. */
const floats = `
        .globl _start
_start: la s1, data
        li s2, 400
again:  andi a0, s0, 3
        csrw frm, a0
        fcvt.d.l fa0, s0
div:    fdiv.d fa1, fa0, fa2
        fadd.d fa2, fa1, fa0
mul:    fmadd.d fa3, fa1, fa2, fa3
near:   fadd.s fa4, fa4, fa0, rne
sqrt:   fsqrt.d fa5, fa2
max:    fmax.d fa6, fa5, fa1
move:   fmv.x.d a1, fa3
less:   flt.d a2, fa1, fa5
store:  fsd fa3, 8(s1)
load:   fld fa7, 8(s1)
amo:    amoadd.d a3, a1, (s1)
lr:     lr.d a4, (s1)
sc:     sc.d a5, a4, (s1)
        addi s0, s0, 1
        blt s0, s2, again
        END
        .data
        .align 4
data:   .dword 5, 0, 0
`;

const loops = `
        .globl _start
_start: addi s0, s0, 1
        li a3, 5
inner:  addi a3, a3, -1
        mul a4, a3, s0
        bnez a3, inner
        j _start
`;

interface Kind {
  readonly group: string;
  readonly words: readonly string[];
  define(random: Random, name: string): string;
}

const fprobes: Kind = {
  group: 'fprobes',
  words: [...words, '$retval'],
  define: (random, name) => `f:${name} ${random.pick(['outer', 'middle', 'leaf', 'hop', 'leaf%return', 'middle%return'])}`,
};

/** Any instruction that ftrace does not patch; few are the places, so that several probes come to stand at one. */
const kprobes: Kind = {
  group: 'kprobes',
  words: [
    ...words.filter((word) => !word.includes('$arg')),
    ...['%a0', '%a1:u8', '%ra', '%t0', '%sp', '%zero', '+0(%sp)', '-16(%sp):x32', '+0(%a0):u8', '%s0', '%a7'],
  ],
  define: (random, name) => {
    const place = random.pick(['outer', 'middle', 'leaf', 'hop', 'again', 'leave', 'escape']);
    return random.below(4) === 0 ? `r:${name} ${place}` : `p:${name} ${place}+${2 * random.below(random.pick([12, 40]))}`;
  },
};

class Probes {
  private count = 0;
  private readonly names: string[] = [];

  constructor(
    private readonly random: Random,
    private readonly both: Both,
    private readonly kind: Kind,
  ) {}

  change(): void {
    const random = this.random;
    const both = this.both;
    const name = this.names.length > 0 ? random.pick(this.names) : undefined;
    const file = `events/${this.kind.group}/${name}`;
    switch (name === undefined ? 0 : random.below(10)) {
      case 0:
      case 1:
        this.add();
        return;
      case 2:
      case 3:
        both.shell(`echo 1 > ${file}/enable`);
        return;
      case 4:
        both.shell(`echo 0 > ${file}/enable`);
        return;
      case 5:
        both.shell(`echo '${random.pick(filters)}' > ${file}/filter`);
        return;
      case 6:
        both.shell(`echo '${random.pick(['', '!'])}${random.pick(triggers)}' >> ${file}/trigger`);
        return;
      default:
        both.shell(random.pick(others));
    }
  }

  private add(): void {
    const random = this.random;
    const both = this.both;
    const name = `p${this.count++}`;
    const { group, define } = this.kind;
    const definition = define(random, name);
    const fetched = /return|^r:/.test(definition) && random.below(4) > 0 ? returned : this.kind.words;
    const args = Array.from({ length: 1 + random.below(4) }, (_, index) => `a${index + 1}=${random.pick(fetched)}`);
    const output = both.shell(`echo '${definition} ${args.join(' ')}' >> dynamic_events`);
    if (output !== '') return;
    this.names.push(name);
    both.shell(`echo 1 > events/${group}/${name}/enable`);
  }
}

const filters: readonly string[] = [
  ...['a1 & 1', 'a1 > 4', '0', '0', 'a1 == 7 || a1 < 3', '!(a1 >= 0x10)', 'a1 <= -1', 'a1 != 0', 'a1 & 0x80 && !(a1 & 6)'],
  ...['a2 > a1', 'a2 >= 100 || a1 < 50', 'a2 < 0 || a1 & 2', 'common_pid == 1 && a1 > 2', 'a1 ~ "*1*"', '__probe_ip != 0', 'a1 >= 300'],
];

const triggers = ['traceoff:2', 'stacktrace:3', 'hist:keys=a1', 'traceon if a1 & 1', 'traceoff if a1 > 3', 'traceon:40'];

const others: readonly string[] = [
  ...['echo 0 > tracing_on', 'echo 1 > tracing_on', 'echo 1 > tracing_on', 'echo 0 > options/overwrite', 'echo 1 > options/overwrite'],
  ...[
    'echo 1 > options/stacktrace',
    'echo 0 > options/stacktrace',
    'echo 2 > set_event_pid',
    'echo > set_event_pid',
    'echo > set_event_pid',
  ],
  ...['echo function > current_tracer', 'echo function_graph > current_tracer', 'echo nop > current_tracer', 'echo > trace'],
  ...['mkdir instances/a', 'echo 1 > instances/a/events/fprobes/enable', 'cat instances/a/trace', 'rmdir instances/a'],
  ...['echo 1 > snapshot', 'cat snapshot', 'head -4 trace_pipe', 'echo leaf:traceoff:2 >> set_ftrace_filter', 'cat buffer_size_kb'],
];

describe('events of probes that the engine records', () => {
  const model = allModels.find(({ hasFprobe }) => hasFprobe)!;

  function compare(model: Model, kind: Kind, seeds: number): void {
    let [records, calledFor] = [0, 0];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const random = new Random(seed);
      const both = new Both(calls + texts, model, random.pick([8, 64]));
      const probes = new Probes(random, both, kind);
      for (let round = 0; round < 30; round += 1) {
        const why = `seed ${seed}, round ${round}`;
        if (random.below(2) === 0) for (const command of ['echo 1 > tracing_on', 'echo > set_event_pid']) both.shell(command);
        for (let count = random.below(4); count > 0; count -= 1) probes.change();
        both.run(random.pick([1, 2, 3, 5, 8, 13, 90, 700, 9000, 9000]), why);
        both.same(({ machine }) => [machine.pc, machine.instret], why);
        if (random.below(3) === 0) both.shell('cat trace');
        both.shell('cat per_cpu/cpu0/stats');
        both.shell('cat kprobe_profile');
      }
      both.shell('cat trace');
      const [ours] = both.launches;
      records += ours!.ftrace.trace.written;
      calledFor += debuggerCalls(ours!.machine);
    }
    assert.ok(records > 500 * seeds, `${records} records`);
    assert.ok(calledFor < 2 * records, `${calledFor} calls of the debugger for ${records} records`);
  }

  it('are what the debugger would have made, whatever is changed while the program runs', () => compare(model, fprobes, 2));

  it('and so are those of kprobes', () => {
    compare(allModels[0]!, kprobes, 2);
    compare(model, kprobes, 2);
  });

  it('come once where the access behind them is elsewhere than before, and where it faults', () => {
    for (const end of ['ld a0, 0(zero)', 'j end', 'beqz zero, end']) {
      const both = new Both(accesses.replace('END', end), allModels[0]!, 8192);
      for (const place of ['load', 'store', 'branch', 'end', 'double']) {
        assert.equal(both.shell(`echo 'p:${place} ${place} %s0 %a0 %a2' >> dynamic_events`), '', place);
      }
      both.shell('echo 1 > events/kprobes/enable');
      let stop = both.run(7, end);
      for (let round = 0; round < 40; round += 1) stop = both.run(1 + ((round * 37) % 170), `${end}, round ${round}`);
      stop = both.run(3_500, end);
      assert.equal(stop.kind === 'budget', !end.startsWith('ld'), stop.kind);
      for (const file of ['trace', 'kprobe_profile']) both.shell(`cat ${file}`);
      assert.ok(both.same(({ ftrace }) => ftrace.trace.written, end) >= 1200);
    }
  });

  it('are made at floating-point and atomic instructions, once each, and where those leave', () => {
    const places = ['div', 'mul', 'near', 'sqrt', 'max', 'move', 'less', 'store', 'load', 'amo', 'lr', 'sc'];
    for (const end of ['li a0, 5\n csrw frm, a0\n j div', 'addi s1, s1, 4\n j amo', 'li s1, 8\n j load']) {
      const both = new Both(floats.replace('END', end), allModels[0]!, 8192);
      for (const place of places) assert.equal(both.shell(`echo 'p:${place} ${place} %s0 %a1 %a3' >> dynamic_events`), '', place);
      both.shell('echo 1 > events/kprobes/enable');
      for (let round = 0; round < 20; round += 1) both.run(1 + ((round * 37) % 130), `${end}, round ${round}`);
      const stop = both.run(20_000, end);
      assert.notEqual(stop.kind, 'budget', end);
      for (const file of ['trace', 'kprobe_profile']) both.shell(`cat ${file}`);
      for (const register of [11, 13, 14, 15]) both.same(({ machine }) => machine.readX(register), end);
      const { ftrace, machine } = both.launches[0]!;
      assert.ok(ftrace.trace.written > 4800, `${ftrace.trace.written} records`);
      assert.ok(debuggerCalls(machine) < 300, `${debuggerCalls(machine)} calls of the debugger`);
    }
  });

  it('come also where the hart has no fuel left for the loop that they are in', () => {
    const both = new Both(loops, allModels[0]!, 8192);
    assert.equal(both.shell("echo 'p inner %s0 %a3' > dynamic_events"), '');
    both.shell('echo 1 > events/kprobes/enable');
    for (let round = 0; round < 150; round += 1) both.run(1 + ((round * 37) % 71), `round ${round}`);
    for (const file of ['kprobe_profile', 'trace']) both.shell(`cat ${file}`);
    assert.ok(debuggerCalls(both.launches[0]!.machine) < 10);
  });

  it('pass filters as they do in the debugger, by every operator and type', () => {
    const both = new Both(numbers, allModels[0]!, 8192);
    const passed = new Set<string>();
    const types = ['u8', 's8', 'x16', 's16', 's32', 'u32', 'u64', 's64', 'char', 'b4@2/8'];
    types.forEach((type, index) => {
      assert.equal(both.shell(`echo 'p:${`p${index}`} again+4 v=%s0:${type} w=%s1:u8' >> dynamic_events`), '');
      both.shell(`echo 1 > events/kprobes/p${index}/enable`);
      for (const operator of ['==', '!=', '<', '<=', '>', '>=', '&']) {
        for (const value of [0x15, 0x40, type.startsWith('u') ? 200 : -100]) {
          const term = `v ${operator} ${value}`;
          const filter = [term, `!(${term})`, `${term} && w & 1`, `${term} || w == 3`][passed.size % 4]!;
          assert.equal(both.shell(`echo '${filter}' > events/kprobes/p${index}/filter`), '');
          both.run(80, filter);
          if (/ v=/.test(both.shell('cat trace'))) passed.add(`${type} ${filter}`);
          both.shell('echo > trace');
        }
      }
      both.shell('cat kprobe_profile');
      both.shell(`echo 0 > events/kprobes/p${index}/enable`);
    });
    assert.ok(passed.size > 120, `${passed.size} filters`);
    assert.ok(debuggerCalls(both.launches[0]!.machine) < 600);
  });

  it('do not leave WebAssembly, and come in order with what else is recorded', () => {
    const both = new Both(calls, model, 8192);
    for (const command of [
      "echo 'f:one leaf a=$arg1 b=+0($stack):u32[2] c=@_start' > dynamic_events",
      "echo 'f:two middle $arg1:u8 +0($stack):string' >> dynamic_events",
      "echo 'f:three middle $stack' >> dynamic_events",
      "echo 'f:four middle%return $retval $arg1' >> dynamic_events",
      'echo 1 > events/fprobes/enable',
      "echo 'a > 0x20' > events/fprobes/one/filter",
      'echo leaf > set_ftrace_filter',
      'echo function > current_tracer',
      'mkdir instances/a',
      'echo 1 > instances/a/events/fprobes/two/enable',
    ]) {
      assert.equal(both.shell(command), '', command);
    }
    both.run(1000, 'before');
    const [ours] = both.launches;
    const before = debuggerCalls(ours!.machine);
    both.run(300_000, 'all');
    assert.ok(debuggerCalls(ours!.machine) - before < 60, `${debuggerCalls(ours!.machine) - before} calls of the debugger`);
    const text = both.shell('cat trace');
    const times = [...text.matchAll(/ (\d+\.\d+): /g)].map(([, time]) => Number(time));
    assert.deepEqual(
      times,
      [...times].sort((one, other) => one - other),
    );
    for (const part of ['one: (leaf+', ' leaf <-', 'two: (middle+', 'three: (middle+', 'four: (outer+'])
      assert.ok(text.includes(part), part);
    assert.match(both.shell('cat instances/a/trace'), /two: \(middle/);
  });

  it('need not be left for long texts, for more words than a record has, and for stacks at functions', () => {
    for (const stacks of [0, 1]) {
      const both = new Both(calls + texts, model, 8192);
      for (const command of [
        `echo 'f:long leaf ${long.slice(0, 6).join(' ')}' > dynamic_events`,
        "echo 'f:more middle +0($stack):u64[40] @text300:string $arg1' >> dynamic_events",
        ...['p:here hop+8 @text255:string @text31:string %s0 +0(%sp):u64[13]', 'r:back middle $retval @text300:string'].map(
          (line) => `echo '${line}' >> dynamic_events`,
        ),
        `echo ${stacks} > options/stacktrace`,
        'echo 1 > events/fprobes/enable',
        'echo 1 > events/kprobes/enable',
        "echo 'arg3 != 3' > events/kprobes/here/filter",
        'echo middle > set_ftrace_filter',
        'echo function > current_tracer',
      ]) {
        assert.equal(both.shell(command), '', command);
      }
      both.run(1000, 'before');
      const [ours] = both.launches;
      const before = debuggerCalls(ours!.machine);
      both.run(30_000, 'all');
      const calledFor = debuggerCalls(ours!.machine) - before;
      const text = both.shell('cat trace');
      assert.ok(calledFor < 100, `${calledFor} calls of the debugger`);
      for (const part of [
        'long: (leaf+',
        'more: (middle+',
        'here: (hop+',
        'back: (outer+',
        'abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz ab',
      ])
        assert.ok(text.includes(part), part);
      assert.equal(text.includes('=> ftrace_caller'), stacks === 1);
    }
  });
});
