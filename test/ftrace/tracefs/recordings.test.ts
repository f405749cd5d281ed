import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argsModel } from '../../../ftrace/models/args';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import type { Model } from '../../../ftrace/models/model';
import { assembled } from '../launch';
import { Console } from './console';
import { formOf } from './recorded-form';

/** What is not replayed, and why: sections, or commands that match. */
const omissions: readonly { readonly what: RegExp; readonly why: string }[] = [
  { what: /^kernel$/, why: 'its release is no command' },
  { what: /sched_switch|do_filp_open:enable_event/, why: 'there is one task, which is never switched' },
  { what: /^profile/, why: 'those kernels were built without CONFIG_FUNCTION_PROFILER' },
  { what: /^function-repeats|^function-args:/, why: 'the recording of 6.12 has no record there' },
  { what: /^hist:.*\(6\.12\)/, why: 'that kernel was built without CONFIG_HIST_TRIGGERS' },
  { what: /^fprobes:head|^fprobes:cat (enabled_functions|error_log)/, why: 'how the fprobes there were turned on and off is not recorded' },
  { what: /^graph-args:/, why: 'functions of assembly have no parameters' },
  { what: /^stacktracer:cat stack_max_size/, why: 'a number alone' },
  { what: /^formats:cat saved_/, why: 'there is one task' },
];

/** What was done at a command without being recorded: commands, or `work`, before that one. */
const unrecorded: Readonly<Record<string, string>> = {
  "filter-commands:echo 'vfs_read:traceoff:3' >> set_ftrace_filter": 'echo > set_ftrace_notrace',
  'function:cat trace': 'work',
  'function-stack:head -60 trace': 'echo > trace; work',
  "function-sym:echo '1' > options/sym-offset": 'echo > trace; work',
  "function-sym:echo '1' > options/sym-addr": 'echo 0 > options/sym-offset',
  "function-sym:echo '0' > options/irq-info": 'echo 0 > options/sym-addr',
  "function-sym:echo '0' > options/print-parent": 'echo 1 > options/irq-info',
  "function-sym:echo '1' > options/record-tgid": 'echo 1 > options/print-parent',
  "function-sym:echo '1' > options/verbose": 'echo 0 > options/record-tgid',
  "function-sym:echo '1' > options/raw": 'echo 0 > options/verbose',
  "function-sym:echo '1' > options/latency-format": 'echo 0 > options/raw',
  "function-sym:echo '0' > options/context-info": 'echo 0 > options/latency-format',
  'stats:cat per_cpu/cpu0/stats': 'echo 1 > options/context-info; echo 0 > options/func_stack_trace; echo > set_ftrace_notrace',
  "marker:echo 'hello from user' > trace_marker": 'echo nop > current_tracer',
  "marker:echo 'x' > trace_marker": 'echo 0 > options/markers',
  "marker:echo 'y' > trace_marker": 'echo 1 > options/markers; echo 0 > tracing_on',
  'graph:cat enabled_functions': 'echo 1 > tracing_on; echo function_graph > current_tracer',
  'graph:cat trace': 'work',
  'graph-tail:head -24 trace': 'echo 1 > options/funcgraph-tail; echo > trace; work',
  'graph-abstime:head -24 trace': 'echo 0 > options/funcgraph-tail; echo 1 > options/funcgraph-abstime; echo > trace; work',
  'graph-proc:head -24 trace': 'echo 0 > options/funcgraph-abstime; echo 1 > options/funcgraph-proc; echo > trace; work',
  'graph-args:head -24 trace': 'echo 0 > options/funcgraph-proc; echo 1 > options/funcgraph-args; echo > trace; work',
  'graph-overrun:head -24 trace':
    'echo 0 > options/funcgraph-args; echo 0 > options/funcgraph-proc; echo 1 > options/funcgraph-overrun; echo > trace; work',
  'graph-columns:head -12 trace': 'echo 0 > options/funcgraph-overrun; echo 0 > options/funcgraph-cpu; echo > trace; work',
  'graph-columns:head -12 trace (2)': 'echo 1 > options/funcgraph-cpu; echo 0 > options/funcgraph-overhead; echo > trace; work',
  'graph-columns:head -12 trace (3)': 'echo 1 > options/funcgraph-overhead; echo 0 > options/funcgraph-duration; echo > trace; work',
  'graph-depth:cat trace': 'echo 1 > options/funcgraph-duration; echo 2 > max_graph_depth; echo > trace; work',
  'graph-depth:cat trace (2)': 'echo 0 > max_graph_depth; echo > trace; work',
  'stacktracer:head -20 stack_trace':
    'echo nop > current_tracer; echo > set_ftrace_filter; echo > set_graph_function; echo > set_graph_notrace; echo 1 > /proc/sys/kernel/stack_tracer_enabled; work; echo 0 > /proc/sys/kernel/stack_tracer_enabled',
  "kprobes:echo 'p:kp vfs_read' > kprobe_events": 'echo > error_log',
  "fprobes:echo 'f:fe vfs_read file=$arg1 count=$arg3:u64' > dynamic_events": 'echo > trace',
  "hist:echo 'hist:keys=common_pid' > events/syscalls/sys_enter_openat/trigger": 'echo > dynamic_events',
  'hist:cat events/syscalls/sys_enter_openat/hist': 'work',
  'syscall-events:head -20 trace':
    'echo "!hist:keys=common_pid" > events/syscalls/sys_enter_openat/trigger; echo 1 > events/syscalls/sys_enter_openat/enable; echo 1 > events/syscalls/sys_exit_openat/enable; work',
  'instances:cat enabled_functions':
    'echo 0 > events/enable; echo vfs_open > set_ftrace_filter; echo function > current_tracer; mkdir instances/foo; echo vfs_read > instances/foo/set_ftrace_filter; echo function > instances/foo/current_tracer',
  'instances:head -16 instances/foo/trace': 'work',
  'ring:cat buffer_size_kb':
    'echo nop > instances/foo/current_tracer; rmdir instances/foo; echo > set_ftrace_filter; echo 7 > buffer_size_kb; echo > trace' +
    '; work'.repeat(80),
};

interface Recorded {
  readonly section: string;
  readonly command: string;
  readonly answer: readonly string[];
}

/** The commands of a recording, with the lines that came back. */
function recordedIn(text: string): Recorded[] {
  return text
    .split(/^==== /m)
    .slice(1)
    .flatMap((part) => {
      const [section = '', ...lines] = part.split('\n');
      const commands: { section: string; command: string; answer: string[] }[] = [];
      for (const line of lines) {
        if (line.startsWith('$ ')) commands.push({ section, command: line.slice(2), answer: [] });
        else if (!line.startsWith('# funcgraph-')) commands.at(-1)?.answer.push(line);
      }
      return commands;
    });
}

/** A program with the functions of the kernel that the recordings name, which opens a file and reads. */
function kernelLike(isOld: boolean, model: Model) {
  const calls = (name: string, ...callees: string[]) => `
        .type ${name}, @function
${name}: addi sp, sp, -16
        sd ra, 8(sp)
        sd s0, 0(sp)
        addi s0, sp, 16
        ${callees.map((callee) => `call ${callee}`).join('\n        ')}
        ld ra, 8(sp)
        ld s0, 0(sp)
        addi sp, sp, 16
        ret
        .size ${name}, .-${name}`;
  const leaf = (name: string) => `
        .type ${name}, @function
${name}: nop
        ret
        .size ${name}, .-${name}`;
  const opener = isOld ? 'do_filp_open' : 'do_file_open';
  return assembled(
    `
        .globl _start
_start: call handle_exception
done:   j done
${leaf('vfs_open')}
${leaf('vfs_read')}
${isOld ? '' : leaf('vfs_open_tree')}
${calls('do_sys_openat2', opener)}
${calls('path_openat', 'vfs_open')}
${calls(opener, 'path_openat')}
${calls('handle_exception', 'do_trap_ecall_u')}
${calls('do_trap_ecall_u', '__riscv_sys_openat', 'ksys_read')}
${calls('__riscv_sys_openat', 'do_sys_openat2', 'ask')}
${calls('ksys_read', 'vfs_read')}
ask:    li a0, -100
        la a1, path
        li a2, 0x241
        li a3, 0x1b6
        li a7, 56
        ecall
        ret
        .data
path:   .string "/dev/null"
`,
    model,
  );
}

for (const [version, model] of [
  ['6.12', argsModel],
  ['7.2', callOpsModel],
] as const) {
  describe(`a recording of Linux ${version}`, () => {
    const all = recordedIn(readFileSync(join(__dirname, 'recordings', `${version}.txt`), 'utf8'));
    const sections = [...new Set(all.map(({ section }) => section))];
    let console: Console;
    before(() => {
      console = new Console(kernelLike(version === '6.12', model), model);
    });

    for (const section of sections) {
      it(`is answered alike: ${section}`, () => {
        const met = new Map<string, number>();
        for (const { command, answer } of all.filter((each) => each.section === section)) {
          const count = (met.get(command) ?? 0) + 1;
          met.set(command, count);
          const key = `${section}:${command}${count > 1 ? ` (${count})` : ''}`;
          for (const each of (unrecorded[key] ?? '').split('; ')) {
            if (each === 'work') console.work();
            else console.type(each);
          }
          if (omissions.some(({ what }) => what.test(`${key} (${version})`))) continue;
          compare(key, console.type(command), answer);
        }
      });
    }

    it('has the files that are there', () => {
      const text = readFileSync(join(__dirname, 'recordings', `${version}.txt`), 'utf8');
      const [, listed = ''] = /^==== files\n(.*?)^====/ms.exec(text) ?? [];
      const names = listed.split(/\s+/).filter((name) => name !== '');
      const ours = console.tracefs.list('').map(({ name }) => name);
      assert.ok(names.length > 50);
      assert.deepEqual(
        names.filter((name) => !ours.includes(name)),
        [],
      );
    });
  });
}

/** Fails unless an answer has the form of the recorded one: a trace has the same header, and no line of a form that it has not. */
function compare(what: string, text: string, answer: readonly string[]): void {
  const ours = formsIn(text.split('\n'));
  const theirs = formsIn(answer);
  if (!/\b(trace|snapshot|stack_trace|hist)$/.test(what.replace(/ \(\d\)$/, ''))) {
    if (/:ls /.test(what)) assert.deepEqual(namesIn(ours), namesIn(theirs), what);
    else assert.deepEqual(ours, theirs, what);
    return;
  }
  const isHeader = (line: string) => line.startsWith('#');
  assert.deepEqual(ours.filter(isHeader), theirs.filter(isHeader), what);
  const [body, known] = [ours.filter((line) => !isHeader(line)), new Set(theirs.filter((line) => !isHeader(line)))];
  assert.deepEqual(
    body.filter((line) => !known.has(line)),
    [],
    `${what}: forms that the recording has not, beside ${[...known].join('\n')}`,
  );
  assert.equal(body.length > 0, known.size > 0, what);
}

/** Forms without what the kernel's log and the shell of the recording put between: dumps, and how a command ended. */
function formsIn(lines: readonly string[]): string[] {
  const kept = lines.filter(
    (line) => line !== '' && !/^\(status \d\)$|^\[ +\d+\.\d+\] (?!trace_)|^\(no options|^enable +fe|sched_switch/.test(line),
  );
  return kept.map((line) => formOf(line.replace('blk ', '')));
}

/** Names in columns; `blk_*` are of the block layer, and the recorded kernels lack what CONFIG_FUNCTION_GRAPH_RETVAL, RETADDR and FUNCTION_PROFILER add. */
function namesIn(lines: readonly string[]): string[] {
  const names = lines.flatMap((line) => line.split(/\s+/)).filter((name) => name !== '');
  return names.filter((name) => !/^blk_|^funcgraph-ret|^graph-time$/.test(name)).sort();
}
