import assert from 'node:assert/strict';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import type { Model } from '../../../ftrace/models/model';
import { allModels } from '../../../ftrace/models/models';
import { assembled } from '../launch';
import { header, Console as ProgramConsole, times } from './console';

/** main calls vfs_open and vfs_read, which calls ksys_helper; then waits in a loop to be run on. */
const text = `
        .globl _start
_start: call main
        li a7, 93
        ecall
        .macro function name
        .type \\name, @function
\\name:
        .endm
        function main
        addi sp, sp, -16
        sd ra, 8(sp)
        li a0, 5
        li a1, 6
        call vfs_open
        li a0, 1
        call vfs_read
        li a0, 2
        call vfs_read
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size main, .-main
        function vfs_open
        li a0, -2
        ret
        .size vfs_open, .-vfs_open
        function vfs_open_tree
        ret
        .size vfs_open_tree, .-vfs_open_tree
        function vfs_read
        addi sp, sp, -16
        sd ra, 8(sp)
        call helper
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size vfs_read, .-vfs_read
        function helper
        addi a0, a0, 7
        ret
        .size helper, .-helper
`;

class Console extends ProgramConsole {
  constructor(model: Model = callOpsModel, kilobytes = 1408) {
    super(assembled(text, model), model, kilobytes);
  }
}

describe('tracefs', () => {
  it('begins as the kernel does', () => {
    new Console().follows(`\
$ cat available_tracers
function_graph function nop
$ cat current_tracer
nop
$ cat set_ftrace_filter
#### all functions enabled ####
$ cat set_ftrace_notrace
#### no functions disabled ####
$ cat set_graph_function
#### all functions enabled ####
$ cat set_graph_notrace
#### no functions disabled ####
$ cat set_ftrace_pid
no pid
$ cat set_ftrace_notrace_pid
no pid
$ cat max_graph_depth
0
$ cat tracing_on
1
$ cat buffer_size_kb
7 (expanded: 1408)
$ cat buffer_total_size_kb
7 (expanded: 1408)
$ cat tracing_thresh
0
$ cat trace_clock
[local] global counter uptime perf mono mono_raw boot tai
$ cat dyn_ftrace_total_info
5 pages:1 groups: 1
ftrace boot update time = 0 (ns)
ftrace module total update time = 0 (ns)
$ cat tracing_max_latency
cat: can't open 'tracing_max_latency': No such file or directory
$ cat trace
${header('nop', '0/0')}`);
  });

  it('answers errors as the kernel does', () => {
    new Console().follows(`\
$ echo 'nosuch' > current_tracer
sh: write error: Invalid argument
$ echo 'no_such_function' > set_ftrace_filter
sh: write error: Invalid argument
$ echo 'vfs_read:nosuch' > set_ftrace_filter
sh: write error: Invalid argument
$ echo 'vfs_read:traceoff:x' > set_ftrace_filter
sh: write error: Invalid argument
$ echo 'abc' > max_graph_depth
sh: write error: Invalid argument
$ echo '5' > tracing_on
$ cat tracing_on
1
$ cat error_log
$ echo 1 > nosuch
sh: can't create nosuch: No such file or directory
$ cat options
cat: can't open 'options': Is a directory
$ echo 1 > options/test_nop_refuse
sh: write error: Invalid argument
$ echo nosuch > trace_options
sh: write error: Invalid argument
$ echo 0 > buffer_size_kb
sh: write error: Invalid argument
`);
  });

  it('filters by name, glob and module', () => {
    new Console().follows(`\
$ echo 'vfs_read' > set_ftrace_filter
$ echo 'vfs_ope*' >> set_ftrace_filter
$ echo '*_filp_open' >> set_ftrace_filter
sh: write error: Invalid argument
$ cat set_ftrace_filter
vfs_open
vfs_open_tree
vfs_read
$ echo '!vfs_open' >> set_ftrace_filter
$ cat set_ftrace_filter
vfs_open_tree
vfs_read
$ echo 'vfs_read' > set_ftrace_notrace
$ cat set_ftrace_notrace
vfs_read
$ echo 'dummy:mod:nomod' >> set_ftrace_filter
$ cat set_ftrace_filter
vfs_open_tree
vfs_read
dummy:mod:nomod
$ echo '!dummy:mod:nomod' >> set_ftrace_filter
$ cat set_ftrace_filter
vfs_open_tree
vfs_read
`);
  });

  it('has commands on functions, with counts', () => {
    const console = new Console();
    console.follows(`\
$ echo 'vfs_read' > set_ftrace_filter
$ echo 'vfs_read:traceoff:3' >> set_ftrace_filter
$ echo 'vfs_open:stacktrace' >> set_ftrace_filter
$ echo 'do_filp_open:traceon' >> set_ftrace_filter
sh: write error: Invalid argument
$ echo 'vfs_open:enable_event:sched:sched_switch:2' >> set_ftrace_filter
sh: write error: Invalid argument
$ echo 'vfs_open:dump' >> set_ftrace_filter
$ work
$ cat set_ftrace_filter
vfs_read
vfs_open:dump:count=0
vfs_open:stacktrace:unlimited
vfs_read:traceoff:count=3
$ echo 'vfs_read' > set_ftrace_filter
$ cat set_ftrace_filter
vfs_read
vfs_open:dump:count=0
vfs_open:stacktrace:unlimited
vfs_read:traceoff:count=3
$ echo 1 > tracing_on
$ work
$ cat tracing_on
0
$ echo '!vfs_read:traceoff' >> set_ftrace_filter
sh: write error: No such device
$ echo '!vfs_read:traceoff:0' >> set_ftrace_filter
$ echo '!vfs_open:stacktrace' >> set_ftrace_filter
$ echo '!do_filp_open:traceon' >> set_ftrace_filter
sh: write error: No such device
$ echo '!vfs_open:dump:0' >> set_ftrace_filter
$ cat set_ftrace_filter
vfs_read
`);
    assert.equal(console.log.filter((line) => line.includes('Dumping ftrace buffer:')).length, 1);
    assert.match(console.log[0]!, /^\[ {4}0\.\d{6}\] Dumping ftrace buffer:$/);
  });

  it('traces functions, and shows which are enabled and by whom', () => {
    const console = new Console();
    console.follows(`\
$ echo 'vfs_read vfs_open' > set_ftrace_filter
$ echo 'function' > current_tracer
$ cat enabled_functions
vfs_open (1)       O   \tops: global_ops+0x0/0x188 (function_trace_call+0x0/0x4)
vfs_read (1)       O   \tops: global_ops+0x0/0x188 (function_trace_call+0x0/0x4)
$ work
`);
    const lines = ['vfs_open <-main', 'vfs_read <-main', 'vfs_read <-main'];
    const body = lines.map((line) => `         program-1       [000] .....     T: ${line}\n`).join('');
    assert.equal(times(console.type('cat trace')), `${header('function', '3/3')}${body}`);
    assert.equal(times(console.type('cat trace_pipe')), body);
    assert.equal(console.type('cat trace'), header('function', '0/0'));
    console.follows(`\
$ echo nop > current_tracer
$ cat enabled_functions
$ cat touched_functions
vfs_open (0)           
vfs_read (0)           
`);
  });

  it('names no ops in the models that have one for all', () => {
    for (const model of allModels.filter(({ name }) => name !== 'call-ops')) {
      new Console(model).follows(`\
$ echo vfs_open > set_ftrace_filter; echo function > current_tracer
$ cat enabled_functions
vfs_open (1)           
`);
    }
  });

  it('shows stacks behind the trampoline, as an unwinder by frame pointers does', () => {
    for (const [model, entry] of [
      [allModels[1]!, 'ftrace_call'],
      [callOpsModel, 'ftrace_caller'],
    ] as const) {
      const console = new Console(model);
      console.type('echo helper > set_ftrace_filter; echo 1 > options/func_stack_trace; echo function > current_tracer');
      const trace = console.work().type('cat trace').split('\n').slice(12);
      assert.deepEqual(
        trace.slice(0, 5).map((line) => line.replace(/^.*: /, '')),
        ['helper <-vfs_read', '<stack trace>', ` => ${entry}`, ' => main', ' => _start'],
      );
    }
  });

  it('writes the columns that the options ask for', () => {
    const console = new Console();
    console.type('echo vfs_open > set_ftrace_filter; echo function > current_tracer');
    console.work();
    const last = () => times(console.type('tail -1 trace'));
    console.type('echo 1 > options/sym-offset');
    assert.match(last(), /: vfs_open\+0x4\/0xc <-main\+0x[0-9a-f]+\/0x[0-9a-f]+\n/);
    console.type('echo 0 > options/sym-offset; echo 1 > options/sym-addr');
    assert.match(last(), /: vfs_open <[0-9a-f]{16}> <-main <[0-9a-f]{16}>\n/);
    console.type('echo nosym-addr > trace_options; echo 0 > options/irq-info');
    assert.equal(
      times(console.type('head -7 trace')),
      `# tracer: function\n#\n# entries-in-buffer/entries-written: 1/1   #P:1\n#\n#           TASK-PID     CPU#     TIMESTAMP  FUNCTION\n#              | |         |         |         |\n         program-1       [000]      T: vfs_open <-main\n`,
    );
    console.type('echo 1 > options/irq-info; echo 0 > options/print-parent');
    assert.equal(last(), '         program-1       [000] .....     T: vfs_open\n');
    console.type('echo 1 > options/print-parent; echo 1 > options/raw');
    assert.match(console.type('tail -1 trace'), /^1 0 \d+ [0-9a-f]+ [0-9a-f]+\n$/);
    console.type('echo 0 > options/raw; echo 0 > options/context-info');
    assert.equal(last(), 'vfs_open <-main\n');
    console.type('echo 1 > options/context-info; echo 1 > options/latency-format');
    assert.match(console.type('tail -1 trace'), /^ program-1 {9}0\.\.\.\.\. +\d+us : vfs_open <-main\n$/);
  });

  it('nests calls', () => {
    const console = new Console();
    console.type('echo "main vfs_read helper" > set_ftrace_filter; echo main > set_graph_function; echo function_graph > current_tracer');
    assert.equal(
      console.type('head -1 enabled_functions').replace(/\+0x0\/0x[0-9a-f]+/g, '+0x0/N'),
      'main (1)       O   \tops: graph_ops+0x0/N (ftrace_graph_func+0x0/N)\tsubops: {ent:trace_graph_entry+0x0/N ret:trace_graph_return+0x0/N}\n',
    );
    assert.equal(
      times(console.work().type('cat trace')),
      `\
# tracer: function_graph
#
# CPU  DURATION                  FUNCTION CALLS
# |     |   |                     |   |   |   |
 0)               |  main() {
 0)               |    vfs_read() {
 0)   D    |      helper();
 0)   D    |    }
 0)               |    vfs_read() {
 0)   D    |      helper();
 0)   D    |    }
 0)   D    |  }
`,
    );
  });

  it('takes markers, unless they or tracing are off', () => {
    const console = new Console();
    console.follows(`\
$ echo 'hello from user' > trace_marker
$ echo 'two words' > trace_marker
$ echo 0 > options/markers
$ echo 'x' > trace_marker
sh: write error: Invalid argument
$ echo 1 > options/markers; echo 0 > tracing_on
$ echo 'y' > trace_marker
sh: write error: Bad file descriptor
`);
    assert.equal(
      times(console.type('tail -2 trace')),
      '         program-1       [000] .....     T: tracing_mark_write: hello from user\n         program-1       [000] .....     T: tracing_mark_write: two words\n',
    );
  });

  it('lets kprobes stand where ftrace does not patch', () => {
    const at = (model: Model) => {
      const console = new Console(model);
      return [console.type("echo 'p:kp vfs_read' > kprobe_events"), console.type("echo 'p:kp2 vfs_read+4' >> kprobe_events")].map(
        (text) => text === '',
      );
    };
    for (const model of allModels) {
      assert.deepEqual(at(model), model.name === 'regs' ? [true, true] : model.name === 'args' ? [false, true] : [true, false], model.name);
    }
    const console = new Console();
    console.follows(`\
$ echo 'p:kp vfs_read' > kprobe_events
$ cat kprobe_events
p:kprobes/kp vfs_read
$ echo 'p:kp2 vfs_read+4' >> kprobe_events
sh: write error: Invalid argument
$ echo 'r:rp vfs_read ret=$retval' >> kprobe_events
$ cat kprobe_events
p:kprobes/kp vfs_read
r10:kprobes/rp vfs_read ret=$retval
`);
    assert.equal(new Console().type("echo 'p:k function_trace_call' > kprobe_events"), 'sh: write error: Invalid argument\n');
    assert.match(
      console.type('cat error_log'),
      /^\[ {4}0\.\d{6}\] trace_kprobe: error: Failed to register probe event\n {2}Command: p:kp2 vfs_read\+4\n {17}\^\n$/,
    );
    console.type('echo 1 > events/kprobes/enable');
    const lines = console
      .work()
      .type('cat trace')
      .split('\n')
      .slice(12, -1)
      .map((line) => line.replace(/^.*\d: /, ''));
    assert.match(lines[0]!, /^kp: \(vfs_read\+0x0\/0x[0-9a-f]+\)$/);
    assert.match(lines[1]!, /^rp: \(main\+0x[0-9a-f]+\/0x[0-9a-f]+ <- vfs_read\) ret=0x8$/);
    assert.equal(lines.length, 4);
  });

  it('makes events of calls and returns', () => {
    const console = new Console();
    console.follows(`\
$ echo 'f:fe vfs_open file=$arg1 count=$arg2:u64' > dynamic_events
$ echo 'f:fx vfs_open%return ret=$retval:s64' >> dynamic_events
$ cat dynamic_events
f:fprobes/fe vfs_open file=$arg1 count=$arg2:u64
f:fprobes/fx vfs_open%return ret=$retval:s64
$ ls events/fprobes
enable
fe
filter
fx
$ echo 1 > events/fprobes/enable
$ cat enabled_functions
vfs_open (2)           
$ work
`);
    const lines = console
      .type('cat trace')
      .split('\n')
      .slice(12, -1)
      .map((line) => line.replace(/^.*\d: /, ''));
    assert.match(lines[0]!, /^fe: \(vfs_open\+0x4\/0x[0-9a-f]+\) file=0x5 count=6$/);
    assert.match(lines[1]!, /^fx: \(main\+0x[0-9a-f]+\/0x[0-9a-f]+ <- vfs_open\) ret=-2$/);
    assert.equal(
      console.type('cat events/fprobes/fx/format').replace(/ID: \d+/, 'ID: N'),
      `name: fx
ID: N
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

\tfield:unsigned long __probe_func;\toffset:8;\tsize:8;\tsigned:0;
\tfield:unsigned long __probe_ret_ip;\toffset:16;\tsize:8;\tsigned:0;
\tfield:s64 ret;\toffset:24;\tsize:8;\tsigned:1;

print fmt: "(%lx <- %lx) ret=%Ld", REC->__probe_func, REC->__probe_ret_ip, REC->ret
`,
    );
    console.follows(`\
$ echo '-:fe' >> dynamic_events
sh: write error: Device or resource busy
$ echo 0 > events/enable; echo > dynamic_events
$ cat dynamic_events
$ echo 'f:fe nosuch' > dynamic_events
sh: write error: Invalid argument
`);
    new Console(allModels[1]!).follows("$ echo 'f:fe vfs_open' > dynamic_events\nsh: write error: Invalid argument\n");
  });

  it('filters events, and triggers and counts on them', () => {
    const console = new Console();
    console.type("echo 'f:fe vfs_read n=$arg1:u64' > dynamic_events; cd; echo 'n == 2' > events/fprobes/fe/filter");
    console.type("echo 'hist:keys=n' > events/fprobes/fe/trigger; echo 'stacktrace:1 if n > 1' >> events/fprobes/fe/trigger");
    console.type('echo 1 > events/fprobes/fe/enable');
    console.work();
    const lines = console.type('cat trace').split('\n').slice(12, -1);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith(' =>')).map((line) => line.replace(/^.*\d: /, '').replace(/\+0x4\/0x[0-9a-f]+/, '')),
      ['<stack trace>', 'fe: (vfs_read) n=2'],
    );
    assert.equal(
      console.type('cat events/fprobes/fe/hist'),
      `\
# event histogram
#
# trigger info: hist:keys=n:vals=hitcount:sort=hitcount:size=2048 [active]
#

{ n:          1 } hitcount:          1
{ n:          2 } hitcount:          1

Totals:
    Hits: 2
    Entries: 2
    Dropped: 0
`,
    );
    console.follows(`\
$ cat events/fprobes/fe/trigger
stacktrace:count=0 if n > 1
hist:keys=n:vals=hitcount:sort=hitcount:size=2048 [active]
$ echo 'n ==' > events/fprobes/fe/filter
sh: write error: Invalid argument
$ echo 'nosuch == 1' > events/fprobes/fe/filter
sh: write error: Invalid argument
$ echo '!hist:keys=n' >> events/fprobes/fe/trigger
$ cat events/fprobes/fe/trigger
stacktrace:count=0 if n > 1
`);
  });

  it('has instances with buffers, tracers and filters of their own', () => {
    const console = new Console();
    console.follows(`\
$ mkdir instances/foo
$ mkdir instances/foo
mkdir: can't create directory 'instances/foo': File exists
$ echo vfs_open > set_ftrace_filter; echo function > current_tracer
$ echo vfs_read > instances/foo/set_ftrace_filter; echo function > instances/foo/current_tracer
`);
    assert.match(
      console.type('cat enabled_functions'),
      /^vfs_open \(1\) {7}O {3}\tops: global_ops\+0x0\/0x188 \(function_trace_call\+0x0\/0x4\)\nvfs_read \(1\) {7}O {3}\tops: 0x[0-9a-f]+ \(function_trace_call\+0x0\/0x4\)\n$/,
    );
    console.work();
    assert.match(console.type('head -3 instances/foo/trace'), /entries-written: 2\/2 /);
    assert.match(console.type('head -3 trace'), /entries-written: 1\/1 /);
    console.follows('$ rmdir instances/foo\n$ rmdir instances/foo\nrmdir: instances/foo: No such file or directory\n');
  });

  it('keeps the newest in a buffer of the size that was asked for', () => {
    const console = new Console();
    console.type('echo 7 > buffer_size_kb; echo function > current_tracer');
    for (let count = 0; count < 80; count++) console.work();
    assert.equal(console.type('cat buffer_size_kb'), '7\n');
    assert.match(console.type('head -3 trace'), /entries-in-buffer\/entries-written: 226\/480 /);
    assert.match(
      times(console.type('cat per_cpu/cpu0/stats')),
      /^entries: 226\noverrun: 254\ncommit overrun: 0\nbytes: \d+\noldest event ts: {5}T\nnow ts: {5}T\ndropped events: 0\nread events: 0\n$/,
    );
    console.type('echo > trace; echo 0 > options/overwrite');
    for (let count = 0; count < 80; count++) console.work();
    assert.match(console.type('cat per_cpu/cpu0/stats'), /entries: 254\noverrun: 0\n.*dropped events: 226\n/s);
  });

  it('takes snapshots', () => {
    const console = new Console();
    assert.match(console.type('head -4 snapshot'), /^# tracer: nop\n#\n#\n# \* Snapshot is freed \*\n$/);
    console.type('echo function > current_tracer');
    console.work().type('echo 1 > snapshot; echo > trace');
    assert.match(console.type('head -3 snapshot'), /entries-written: 6\/6 /);
    assert.match(console.type('head -3 trace'), /entries-written: 0\/0 /);
  });

  it('profiles functions', () => {
    const console = new Console();
    console.type('echo 1 > function_profile_enabled');
    const lines = console.work().type('cat trace_stat/function0').split('\n');
    assert.match(lines[0]!, /^ {2}Function {31}Hit {4}Time/);
    assert.match(lines[2]!, /^ {2}main {37}1 {4}0\.\d{3} us {8}0\.\d{3} us {8}0\.000 us/);
    assert.match(lines[3]!, /^ {2}vfs_read {33}2 /);
  });

  it('traces only the task whose pid is asked for', () => {
    const console = new Console();
    console.type('echo 2 > set_ftrace_pid; echo function > current_tracer');
    console.work().type('echo 1 >> set_ftrace_pid');
    assert.match(console.type('head -3 trace'), /entries-written: 0\/0 /);
    assert.equal(console.type('cat set_ftrace_pid'), '1\n2\n');
    assert.match(console.work().type('head -3 trace'), /entries-written: 6\/6 /);
  });

  it('has events of system calls', () => {
    const console = new Console();
    const { state } = console.tracefs;
    console.follows(`\
$ echo 1 > events/syscalls/sys_enter_write/enable; echo syscalls:sys_exit_write >> set_event
$ cat set_event
syscalls:sys_enter_write
syscalls:sys_exit_write
$ echo 'count > 3' > events/syscalls/sys_enter_write/filter
`);
    for (const count of [3n, 4n]) {
      state.systemCalls.observe(64, [1n, 0x1000n, count, 0n, 0n, 0n], undefined);
      state.systemCalls.observe(64, [1n, 0x1000n, count, 0n, 0n, 0n], count);
    }
    assert.deepEqual(
      console
        .type('cat trace')
        .split('\n')
        .slice(12, -1)
        .map((line) => line.replace(/^.*\d: /, '')),
      ['sys_write -> 0x3', 'sys_write(fd: 1, buf: 4096 () "", count: 4)', 'sys_write -> 0x4'],
    );
  });

  it('shows the deepest stack', () => {
    const console = new Console();
    assert.match(console.type('cat stack_trace'), /Stack tracer disabled/);
    console.type('echo 1 > /proc/sys/kernel/stack_tracer_enabled');
    const lines = console.work().type('cat stack_trace').split('\n');
    assert.match(lines[0]!, /^ {8}Depth {4}Size {3}Location {4}\((\d+) entries\)$/);
    assert.match(lines[2]!, /^ {2}0\) +\d+ +\d+ {3}ftrace_caller\+0x/);
  });
});
