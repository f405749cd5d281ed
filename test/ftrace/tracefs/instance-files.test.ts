import assert from 'node:assert/strict';
import { argsModel } from '../../../ftrace/models/args';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import type { Model } from '../../../ftrace/models/model';
import { assembled, sample } from '../launch';
import { Console } from './console';

/** What 7.2 and 6.12 have in the root that is here too (`ls`), apart from what neither has. */
const common = `
README available_events available_filter_functions available_filter_functions_addrs available_tracers buffer_percent buffer_size_kb
buffer_subbuf_size_kb buffer_total_size_kb current_tracer dyn_ftrace_total_info dynamic_events enabled_functions error_log events
free_buffer instances kprobe_events kprobe_profile max_graph_depth options per_cpu printk_formats saved_cmdlines saved_cmdlines_size
saved_tgids set_event set_event_notrace_pid set_event_pid set_ftrace_filter set_ftrace_notrace set_ftrace_notrace_pid set_ftrace_pid
set_graph_function set_graph_notrace snapshot stack_max_size stack_trace stack_trace_filter timestamp_mode touched_functions trace
trace_clock trace_marker trace_marker_raw trace_options trace_pipe tracing_cpumask tracing_on tracing_thresh uprobe_events
uprobe_profile`;
const newer = 'show_event_filters show_event_triggers synthetic_events syscall_user_buf_size';
const words = (text: string) => text.trim().split(/\s+/);

const program = (model: Model = callOpsModel) => new Console(assembled(sample('fib.s'), model), model);

describe('files of tracefs', () => {
  it('are those of the kernel', () => {
    const names = program().type('ls').split('\n');
    for (const name of [...words(common), ...words(newer)]) assert.ok(names.includes(name), name);
    const old = program(argsModel).type('ls').split('\n');
    for (const name of words(common)) assert.ok(old.includes(name), name);
    assert.ok(!old.includes('show_event_filters') && !old.includes('syscall_user_buf_size'));
  });

  it('have an instance of their own', () => {
    const console = program();
    console.type('mkdir instances/foo');
    const names = console.type('ls instances/foo').split('\n').filter(Boolean);
    // The kernel's list of an instance (7.2).
    const expected = words(`available_tracers buffer_percent buffer_size_kb buffer_subbuf_size_kb buffer_total_size_kb current_tracer
      error_log events free_buffer options per_cpu set_event set_event_notrace_pid set_event_pid set_ftrace_filter set_ftrace_notrace
      set_ftrace_notrace_pid set_ftrace_pid show_event_filters show_event_triggers snapshot syscall_user_buf_size timestamp_mode trace
      trace_clock trace_marker trace_marker_raw trace_options trace_pipe tracing_cpumask tracing_on`);
    assert.deepEqual(names, expected);
  });
});

describe('trace_clock', () => {
  const traced = (clock: string) => {
    const console = program();
    console.type(`echo ${clock} > trace_clock; echo fib > set_ftrace_filter; echo function > current_tracer`);
    console.launch.machine.run(2000);
    return console;
  };

  it('shows the clock that is in force, and takes no other', () => {
    const console = program();
    console.follows(`\
$ echo counter > trace_clock
$ cat trace_clock
local global [counter] uptime perf mono mono_raw boot tai
$ echo x86-tsc > trace_clock
sh: write error: Invalid argument
$ mkdir instances/foo
$ cat instances/foo/trace_clock
[local] global counter uptime perf mono mono_raw boot tai
`);
  });

  it('empties the buffer', () => {
    const console = traced('local');
    console.type('echo global > trace_clock');
    assert.match(console.type('head -3 trace'), /entries-written: 0\/0 /);
  });

  for (const clock of ['local', 'global', 'perf', 'mono', 'mono_raw', 'boot', 'tai']) {
    it(`${clock} counts nanoseconds`, () => assert.match(traced(clock).type('tail -1 trace'), /\.{5} {5}0\.\d{6}: fib <-/));
  }

  it('counter counts records, and uptime ticks', () => {
    const counted = traced('counter');
    const times = counted.type('cat trace').split('\n').slice(12, -1);
    assert.match(times[0]!, /\.{5} {12}1: fib <-main$/);
    assert.match(times[1]!, /\.{5} {12}2: fib <-fib$/);
    assert.match(counted.type('cat per_cpu/cpu0/stats'), /oldest event ts: 1\nnow ts: \d+\n/);
    assert.match(traced('uptime').type('tail -1 trace'), /\.{5} {12}0: fib <-fib\n$/);
  });
});

describe('pids and masks', () => {
  it('say whose events are recorded, apart from whose functions are', () => {
    const console = program();
    const { systemCalls } = console.tracefs.state;
    const call = () => systemCalls.observe(64, [1n, 2n, 3n, 0n, 0n, 0n], undefined);
    console.type('echo 1 > events/raw_syscalls/sys_enter/enable; echo 2 > set_event_pid; echo 2 > set_ftrace_pid');
    call();
    assert.deepEqual(console.bodies, []);
    console.follows(`\
$ echo 1 >> set_event_pid
$ cat set_event_pid
1
2
$ echo > set_event_pid
$ cat set_event_pid
$ cat set_ftrace_pid
2
`);
    call();
    assert.equal(console.bodies.length, 1);
    console.type('echo 1 > set_event_notrace_pid');
    call();
    assert.equal(console.bodies.length, 1);
  });

  it('leave the one hart out', () => {
    const console = program();
    console.follows(`\
$ cat tracing_cpumask
1
$ echo 3 > tracing_cpumask
sh: write error: Value too large for defined data type
$ echo x > tracing_cpumask
sh: write error: Invalid argument
$ echo 0 > tracing_cpumask
$ echo function > current_tracer
`);
    console.launch.machine.run(500);
    assert.deepEqual(console.bodies, []);
    console.type('echo 1 > tracing_cpumask');
    console.launch.machine.run(500);
    assert.ok(console.bodies.length > 0);
  });
});

describe('other files', () => {
  it('have sub-buffers of other sizes, which are whole pages, a power of two of them', () => {
    const console = program();
    console.follows(`\
$ cat buffer_subbuf_size_kb
4
$ echo 0 > buffer_subbuf_size_kb
sh: write error: Invalid argument
$ echo 513 > buffer_subbuf_size_kb
sh: write error: Invalid argument
$ echo 9 > buffer_subbuf_size_kb
$ cat buffer_subbuf_size_kb
16
$ tail -1 events/header_page
	field: char data;	offset:16;	size:16368;	signed:0;
$ echo 7 > buffer_size_kb; cat buffer_size_kb
31
$ echo function > current_tracer
`);
    for (let count = 0; count < 400; count++) console.work();
    // Two sub-buffers, of records of 32 bytes.
    const entries = Number(/entries: (\d+)/.exec(console.type('cat per_cpu/cpu0/stats'))![1]);
    assert.ok(entries > 511 && entries <= 2 * 511, `${entries}`);
    console.type('echo 4 > buffer_subbuf_size_kb');
    assert.match(console.type('cat per_cpu/cpu0/stats'), /^entries: 0\noverrun: 0\n/);
  });

  it('take what the kernel takes', () => {
    program().follows(`\
$ cat buffer_percent
50
$ echo 101 > buffer_percent
sh: write error: Invalid argument
$ echo 99 > buffer_percent
$ cat buffer_percent
99
$ cat saved_cmdlines_size
128
$ echo 0 > saved_cmdlines_size
sh: write error: Invalid argument
$ cat syscall_user_buf_size
63
$ echo 1000 > syscall_user_buf_size
$ cat syscall_user_buf_size
165
$ cat stack_trace_filter
#### all functions enabled ####
$ echo fib > stack_trace_filter
$ cat stack_trace_filter
fib
$ echo abcdef > trace_marker_raw
$ echo ab > trace_marker_raw
sh: write error: Invalid argument
$ echo x > set_event
sh: write error: Invalid argument
`);
  });

  it('show raw markers by their number and bytes', () => {
    const console = program();
    console.type("echo -n 'abcdef' > trace_marker_raw");
    assert.equal(console.bodies[0], '# 64636261 buf: 65 66');
    console.type('mkdir instances/foo; echo 1 > instances/foo/options/copy_trace_marker; echo hello > trace_marker');
    assert.match(console.type('tail -1 instances/foo/trace'), /: tracing_mark_write: hello\n$/);
  });

  it('show fields and hexadecimal words where the options ask for them', () => {
    const console = program();
    console.type('echo fib > set_ftrace_filter; echo function > current_tracer; echo 1 > options/hex');
    console.launch.machine.run(100);
    assert.match(console.type('tail -1 trace'), /^00000001 00000000 [0-9a-f]{16} [0-9a-f]{16} [0-9a-f]{16} \n$/);
  });

  it('count latencies from when the buffer was emptied', () => {
    const console = program();
    console.launch.machine.run(300);
    console.type('echo fib > set_ftrace_filter; echo function > current_tracer; echo 1 > options/latency-format');
    console.launch.machine.run(100);
    assert.match(console.type('cat trace'), /\(M:PREEMPTLAZY VP:0, KP:0, SP:0 HP:0 #P:1\)/);
    assert.match(console.type('tail -1 trace'), / 0\.{5} {4}0us[ +]: fib <-/);
  });

  it('tell of page faults', () => {
    const console = program();
    console.type('echo 1 > events/exceptions/enable');
    const exception = { cause: 'store-access-fault' as const, value: 0x10n, message: '' };
    console.tracefs.state.exceptions.observe(exception, console.launch.symbol('fib') + 4n);
    console.tracefs.state.exceptions.observe({ ...exception, cause: 'breakpoint' }, 0n);
    assert.deepEqual(console.bodies, ['page_fault_user: address=0x00000010 ip=fib error_code=0xf']);
  });

  it('show the flags of openat as names after 6.12', () => {
    const text = (model: Model, flags: bigint) => {
      const console = program(model);
      console.type('echo 1 > events/syscalls/sys_enter_openat/enable');
      console.tracefs.state.systemCalls.observe(
        56,
        [-100n, 0n, flags, 0o666n, 0n, 0n].map((each) => BigInt.asUintN(64, each)),
        undefined,
      );
      return console.bodies[0];
    };
    assert.equal(
      text(callOpsModel, 0x241n),
      'sys_openat(dfd: 18446744073709551516, filename: 0 "", flags: O_WRONLY|O_CREAT|O_TRUNC, mode: 0666)',
    );
    assert.equal(text(callOpsModel, 0n), 'sys_openat(dfd: 18446744073709551516, filename: 0 "", flags: O_RDONLY)');
    assert.equal(text(callOpsModel, 0x80000n), 'sys_openat(dfd: 18446744073709551516, filename: 0 "", flags: O_RDONLY|O_CLOEXEC)');
    assert.equal(text(argsModel, 0x241n), 'sys_openat(dfd: ffffffffffffff9c, filename: 0, flags: 241, mode: 1b6)');
  });

  it('give the form of openat to the letter', () => {
    const format = program().type('cat events/syscalls/sys_enter_openat/format');
    assert.match(
      format,
      /\tfield:umode_t mode;\toffset:40;\tsize:8;\tsigned:0;\n\tfield:__data_loc char\[\] __filename_val;\toffset:48;\tsize:4;/,
    );
    assert.match(format, /\nprint fmt: "dfd: 0x%08lx, filename: 0x%08lx \\"%s\\", flags: %s%s, mode: 0%03o", /);
  });
});
