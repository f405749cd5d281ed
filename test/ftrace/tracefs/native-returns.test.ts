import assert from 'node:assert/strict';
import { allModels } from '../../../ftrace/models/models';
import { Random } from '../../support/random';
import { Both, debuggerCalls } from '../both-engines';
import { calls } from '../calls-program';

const texts = `
        .data
long:   .string "${'abcdefghij'.repeat(20)}"
        .align 3
pointers: .dword long, long + 190, 0
`;

interface Way {
  readonly commands: readonly string[];
  /** What the trace has. */
  readonly shows: readonly RegExp[];
  readonly files?: readonly string[];
}

const enable = 'echo 1 > events/fprobes/enable';

/** What `f` with `%return` may be asked for, beside what else traces the same returns. */
const ways: Readonly<Record<string, Way>> = {
  'results and arguments': {
    commands: ["echo 'f:one leaf%return r=$retval a=$arg1 b=$arg8:u8 c=\\5 d=$comm' > dynamic_events", enable],
    shows: [/one: \(outer\+.* <- leaf\) r=0x[0-9a-f]+ a=0x[0-9a-f]+ b=77 c=0x5 d="program"/],
  },
  memory: {
    commands: [
      "echo 'f:one middle%return s=$stack w=+0($stack):u64 x=+8($stack):x8[4] n=+0($arg8):u32 m=+0(@pointers):char' > dynamic_events",
      "echo 'f:two outer%return r=$retval:s8 v=@long:x16[2]' >> dynamic_events",
      enable,
    ],
    shows: [/one: \(outer\+.* n=0 m='a'/, /two: .* v=\{0x6261,0x6463\}/],
  },
  'texts and many words': {
    commands: [
      "echo 'f:one middle%return r=$retval t=@long:string p=@pointers:string[3] w=+0($stack):u64[20] e=+0($arg8):string' > dynamic_events",
      enable,
    ],
    shows: [/t="(abcdefghij){20}" p=\{"(abcdefghij){20}","abcdefghij",\(fault\)\} w=\{(\d+,){19}\d+\} e=\(fault\)/],
  },
  'a filter, and another probe of the same function': {
    commands: [
      "echo 'f:one leaf%return r=$retval' > dynamic_events",
      "echo 'f:two leaf%return t=@long+190:string' >> dynamic_events",
      "echo 'f:three leaf $arg1' >> dynamic_events",
      enable,
      "echo 'r & 1' > events/fprobes/one/filter",
    ],
    shows: [/one: .* r=0x[0-9a-f]*[13579bdf]\n/, /two: .* t="abcdefghij"/, /three: \(leaf\+/],
  },
  'stacks of the option': {
    commands: ["echo 'f:one middle%return r=$retval' > dynamic_events", 'echo 1 > options/stacktrace', enable],
    shows: [/one: .*\n.*<stack trace>\n => ftrace_return_to_handler\n => return_to_handler\n => outer\n( => outer\n)* => _start\n/],
  },
  'stacks behind texts, and of triggers': {
    commands: [
      "echo 'f:one middle%return t=@long:string w=+0($stack):u64[20]' > dynamic_events",
      "echo 'f:two middle%return r=$retval' >> dynamic_events",
      'echo stacktrace > events/fprobes/one/trigger',
      "echo 'hist:keys=common_stacktrace' > events/fprobes/two/trigger",
      enable,
    ],
    shows: [/t="(abcdefghij){20}" w=/, /<stack trace>\n => ftrace_return_to_handler\n => return_to_handler\n => outer\n/],
    files: ['events/fprobes/two/hist'],
  },
  'calls and returns in the same buffer': {
    commands: [
      "echo 'f:one middle%return r=$retval w=+0($stack):u64' > dynamic_events",
      "echo 'f:two leaf%return r=$retval' >> dynamic_events",
      'echo 1 > events/fprobes/one/enable',
      'echo function_graph > current_tracer',
      'echo 1 > events/fprobes/two/enable',
      'echo 1 > function_profile_enabled',
    ],
    shows: [/\/\* one: .* w=\d+ \*\//, /leaf\(\);\n.*\/\* two: /, /\/\* one: [^\n]*\n[^\n]*\}/],
    files: ['trace_stat/function0'],
  },
  'stacks of functions whose callers are traced too, and of tail calls': {
    commands: [
      "echo 'f:one leaf%return r=$retval' > dynamic_events",
      "echo 'f:two hop' >> dynamic_events",
      'echo 1 > options/stacktrace',
      'echo function_graph > current_tracer',
      enable,
    ],
    shows: [
      /one: \(return_to_handler\+.*\n.*<stack trace>\n => ftrace_return_to_handler\n => return_to_handler\n => middle\n => outer\n( => outer\n)* => _start/,
      /two: \(hop\+.*\n.*<stack trace>\n => fprobe_ftrace_entry\n => \w+\n( => \w+\n)? => hop\n => middle\n => outer\n/,
    ],
  },
  'histograms and instances': {
    commands: [
      "echo 'f:one leaf%return r=$retval m=@long:u8' > dynamic_events",
      "echo 'hist:keys=r:vals=m' > events/fprobes/one/trigger",
      'mkdir instances/a',
      'echo 1 > instances/a/events/fprobes/one/enable',
    ],
    shows: [],
    files: ['events/fprobes/one/hist', 'instances/a/trace'],
  },
};

describe('returns of fprobes that the engine records', () => {
  const model = allModels.find(({ hasFprobe }) => hasFprobe)!;

  for (const [name, { commands, shows, files = [] }] of Object.entries(ways)) {
    it(`are what the debugger would have made, without its being called: ${name}`, () => {
      const random = new Random(name.length);
      const both = new Both(calls + texts, model, 512);
      for (const command of commands) assert.equal(both.shell(command), '', command);
      const { machine } = both.launches[0]!;
      both.run(8_000, name);
      const before = debuggerCalls(machine);
      both.run(20_000, name);
      const called = debuggerCalls(machine) - before;
      assert.ok(called < 60, `${called} times`);
      const trace = both.shell('cat trace');
      for (const shown of shows) assert.match(trace, shown);
      for (let round = 0; round < 8; round += 1) {
        both.run(random.pick([1, 3, 60, 900, 3000]), `round ${round}`);
        for (const file of ['per_cpu/cpu0/stats', ...files]) assert.notEqual(both.shell(`cat ${file}`), '', file);
        if (random.below(3) === 0) both.shell(random.pick(['echo 0 > events/fprobes/enable', 'echo > trace', enable]));
      }
      both.shell('cat trace');
    });
  }
});
