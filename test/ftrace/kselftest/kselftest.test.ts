import assert from 'node:assert/strict';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import { assembled } from '../launch';
import { Console } from '../tracefs/console';

/** Functions with the names that the scripts look for; main calls them all. */
const names = [
  ...['schedule', 'schedule_timeout', 'preempt_schedule', 'schedule_tail', 'mutex_lock', 'mutex_unlock', 'mutex_trylock'],
  ...['raw_spin_lock', 'spin_unlock', 'sched_clock_rule', 'Sys_read', 'sys_write', 'kernel_clone', 'sched_ule'],
];
const text = `
        .globl _start
_start: call main
        .globl done
done:   li a7, 93
        ecall
        .type main, @function
main:   addi sp, sp, -16
        sd ra, 8(sp)
${names.map((name) => `        call ${name}`).join('\n')}
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size main, .-main
${names.map((name) => `        .type ${name}, @function\n${name}: ret\n        .size ${name}, .-${name}`).join('\n')}
`;

const start = () => new Console(assembled(text, callOpsModel));
const lines = (output: string) => output.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const functions = (console: Console) => console.bodies.map((body) => body.replace(/ <-.*/, ''));

describe("the kernel's self-tests of ftrace (test.d)", () => {
  it('ftrace/func-filter-glob: patterns select what grep selects', () => {
    const globs: readonly (readonly [glob: string, expression: RegExp])[] = [
      ['schedule', /^schedule$/],
      ['*schedule', /^.*schedule$/],
      ['*schedule*', /^.*schedule.*$/],
      ['schedule*', /^schedule.*$/],
      ['*pin*lock', /.*pin.*lock$/],
      ['mutex*unl*', /mutex.*unl.*$/],
      ['sch*ule', /^sch.*ule$/],
      ['[Ss]y[Ss]_*', /^[Ss]y[Ss]_.*$/],
      ['sch?dule', /^sch.dule$/],
    ];
    const console = start();
    const all = lines(console.type('cat available_filter_functions'));
    for (const [glob, expression] of globs) {
      console.type(`echo '${glob}' > set_ftrace_filter`);
      const expected = all.filter((name) => expression.test(name));
      assert.ok(expected.length > 0, glob);
      assert.deepEqual(lines(console.type('cat set_ftrace_filter')), expected, glob);
    }
  });

  it('ftrace/func_set_ftrace_file: functions and commands are read back, and > leaves the commands', () => {
    const console = start();
    console.type('echo schedule > set_ftrace_filter; echo schedule:traceoff >> set_ftrace_filter');
    console.type('echo kernel_clone:stacktrace:3 >> set_ftrace_filter; echo mutex_lock > set_ftrace_filter');
    const read = console.type('cat set_ftrace_filter');
    assert.deepEqual(lines(read), ['mutex_lock', 'kernel_clone:stacktrace:count=3', 'schedule:traceoff:unlimited']);
    console.type("echo '!schedule:traceoff' >> set_ftrace_filter; echo '!kernel_clone:stacktrace:0' >> set_ftrace_filter");
    console.type('echo > set_ftrace_filter');
    assert.equal(console.type('cat set_ftrace_filter'), '#### all functions enabled ####\n');
  });

  it('ftrace/func_traceonoff_triggers: commands turn tracing off and on, and a count is taken down', () => {
    const console = start();
    console.type('echo schedule:traceoff > set_ftrace_filter');
    console.work();
    assert.equal(console.type('cat tracing_on'), '0\n');
    console.type("echo '!schedule:traceoff' >> set_ftrace_filter; echo schedule_tail:traceon:1 >> set_ftrace_filter");
    console.work();
    assert.equal(console.type('cat tracing_on'), '1\n');
    assert.deepEqual(lines(console.type('cat set_ftrace_filter')), ['schedule_tail:traceon:count=0']);
    assert.match(console.type("echo 'schedule:traceoff:0x' >> set_ftrace_filter"), /Invalid argument/);
  });

  it('ftrace/func_event_triggers: commands turn events on and off as often as they say', () => {
    const console = start();
    const enabled = () => console.type('cat events/raw_syscalls/sys_enter/enable').slice(0, 1);
    console.type('echo schedule:enable_event:raw_syscalls:sys_enter:1 > set_ftrace_filter');
    assert.equal(console.type('cat events/raw_syscalls/sys_enter/enable'), '0*\n');
    assert.equal(enabled(), '0');
    console.work();
    assert.equal(enabled(), '1');
    console.type('echo 0 > events/raw_syscalls/sys_enter/enable');
    console.work();
    assert.equal(enabled(), '0');
    console.type("echo '!schedule:enable_event:raw_syscalls:sys_enter:0' >> set_ftrace_filter");
    console.type('echo 1 > events/raw_syscalls/sys_enter/enable; echo schedule:disable_event:raw_syscalls:sys_enter >> set_ftrace_filter');
    console.work();
    assert.equal(enabled(), '0');
    assert.match(console.type('echo schedule:enable_event:nosuch:event >> set_ftrace_filter'), /Invalid argument/);
  });

  it('ftrace/fgraph-filter: the graph tracer sees the functions of the filter and no others', () => {
    const console = start();
    console.type('echo nop > current_tracer; echo schedule > set_ftrace_filter; echo function_graph > current_tracer');
    const seen = lines(console.work().type('cat trace')).map((line) => line.replace(/^.*\| +/, ''));
    assert.deepEqual([...new Set(seen)], ['schedule();']);
  });

  it('ftrace/fgraph-multi-filter: three instances each see their own', () => {
    const console = start();
    const filters = ['*schedule', 'mutex*', '*clone'];
    filters.forEach((filter, index) => {
      console.type(`mkdir instances/i${index}; echo '${filter}' > instances/i${index}/set_ftrace_filter`);
      console.type(`echo function_graph > instances/i${index}/current_tracer`);
    });
    console.work();
    const seen = filters.map((_, index) => [
      ...new Set(lines(console.type(`cat instances/i${index}/trace`)).map((line) => /(\w+)\(/.exec(line)![1])),
    ]);
    assert.deepEqual(seen, [['schedule', 'preempt_schedule'], ['mutex_lock', 'mutex_unlock', 'mutex_trylock'], ['kernel_clone']]);
  });

  it('ftrace/fgraph-multi, fgraph-profiler: tracers and the profiler do not disturb each other', () => {
    const console = start();
    console.type('echo schedule > set_ftrace_filter; echo function_graph > current_tracer; echo 1 > function_profile_enabled');
    console.type('mkdir instances/foo; echo mutex_lock > instances/foo/set_ftrace_filter; echo function > instances/foo/current_tracer');
    console.work();
    assert.deepEqual(lines(console.type('cat trace')).length, 1);
    assert.match(console.type('cat trace_stat/function0'), /^ {2}schedule +1 /m);
    assert.match(console.type('tail -1 instances/foo/trace'), /: mutex_lock <-main\n$/);
    console.type('echo nop > current_tracer; rmdir instances/foo');
    assert.equal(console.type('echo 0 > function_profile_enabled; cat enabled_functions'), '');
  });

  it('ftrace/func_profile_stat, func_profiler: the profile counts while it is on', () => {
    const console = start();
    console.type('echo 1 > function_profile_enabled');
    const first = console.work().type('cat trace_stat/function0');
    const second = console.work().type('cat trace_stat/function0');
    assert.notEqual(first, second);
    console.type('echo 0 > function_profile_enabled');
    assert.equal(console.work().type('cat trace_stat/function0'), second);
  });

  it('ftrace/func-filter-pid, func-filter-notrace-pid: pids choose the task, for both tracers', () => {
    for (const tracer of ['function', 'function_graph']) {
      const console = start();
      console.type(`echo 1 > set_ftrace_pid; echo ${tracer} > current_tracer`);
      assert.ok(lines(console.work().type('cat trace')).length > 0);
      console.type('echo 1 > set_ftrace_notrace_pid; echo > trace');
      assert.deepEqual(lines(console.work().type('cat trace')), []);
      console.type('echo > set_ftrace_notrace_pid; echo 999 > set_ftrace_pid');
      assert.deepEqual(lines(console.work().type('cat trace')), []);
      assert.match(console.type('echo nonumber > set_ftrace_pid'), /Invalid argument/);
    }
  });

  it('ftrace/func-filter-stacktrace: a stack for each call', () => {
    const console = start();
    console.type('echo kernel_clone:stacktrace > set_ftrace_filter');
    assert.match(console.type('cat set_ftrace_filter'), /^kernel_clone:stacktrace:unlimited$/m);
    assert.match(console.work().type('cat trace'), /<stack trace>/);
  });

  it('ftrace/func_mod_trace: a filter of a module that is not there is kept', () => {
    const console = start();
    console.type("echo 'non_exist_func:mod:non_exist_module' >> set_ftrace_filter");
    assert.equal(console.type('cat set_ftrace_filter'), 'non_exist_func:mod:non_exist_module\n');
    console.type("echo '!non_exist_func:mod:non_exist_module' >> set_ftrace_filter");
    assert.equal(console.type('cat set_ftrace_filter'), '#### all functions enabled ####\n');
  });

  it('ftrace/func_stack_tracer: the deepest stack is of a function of its filter', () => {
    const console = start();
    console.type('echo kernel_clone > stack_trace_filter; echo 1 > /proc/sys/kernel/stack_tracer_enabled');
    assert.equal(console.type('cat enabled_functions').split(' ')[0], 'kernel_clone');
    assert.match(console.work().type('cat stack_max_size'), /^[1-9]\d*\n$/);
  });

  it('00basic: tracers, snapshots, markers, ring buffer size and instances', () => {
    const console = start();
    console.follows(`\
$ echo nosuch > current_tracer
sh: write error: Invalid argument
$ echo 100 > buffer_size_kb
$ echo 1 > snapshot
$ mkdir instances/x
$ mkdir instances/x
mkdir: can't create directory 'instances/x': File exists
$ rmdir instances/x
$ rmdir instances/x
rmdir: instances/x: No such file or directory
$ cat README > /dev/null
`);
  });

  it('event/subsystem-enable, toplevel-enable, event-pid: events by name, system and all', () => {
    const console = start();
    console.type("echo 'raw_syscalls:*' > set_event");
    assert.equal(console.type('cat events/raw_syscalls/enable'), '1\n');
    console.type('echo 0 > events/raw_syscalls/sys_exit/enable');
    assert.equal(console.type('cat events/raw_syscalls/enable'), 'X\n');
    console.type('echo 1 > events/enable');
    assert.equal(console.type('cat events/enable'), '1\n');
    console.type('echo > set_event');
    assert.equal(console.type('cat events/enable set_event'), '0\n');
    assert.match(console.type('echo nosuch:event > set_event'), /Invalid argument/);
    assert.equal(functions(console).length, 0);
  });
});
