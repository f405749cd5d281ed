import assert from 'node:assert/strict';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import { assembled } from '../launch';
import { Console } from './console';

/** main calls begin and end with 1, 2, 2 and 3 in a0, and some instructions between. */
const text = `
        .globl _start
_start: call main
        .globl done
done:   li a7, 93
        ecall
        .macro function name
        .type \\name, @function
\\name:
        .endm
        function main
        addi sp, sp, -32
        sd ra, 24(sp)
        sd s1, 16(sp)
        la s1, list
next:   ld a0, 0(s1)
        beqz a0, over
        call begin
        ld a0, 0(s1)
        li a1, 100
        call end
        addi s1, s1, 8
        j next
over:   ld s1, 16(sp)
        ld ra, 24(sp)
        addi sp, sp, 32
        ret
        .size main, .-main
        function begin
        ret
        .size begin, .-begin
        function end
        ret
        .size end, .-end
        .data
        .align 3
list:   .dword 1, 2, 2, 3, 0
`;

class HistConsole extends Console {
  constructor() {
    super(assembled(text, callOpsModel));
    this.type("echo 'f:b begin n=$arg1:u64' > dynamic_events; echo 'f:e end n=$arg1:u64 m=$arg2:u64' >> dynamic_events");
  }

  /** The histogram of an event without its head and totals. */
  rows(event: string): string[] {
    const [, rows = ''] = /\n#\n\n(.*)\nTotals:\n/s.exec(this.type(`cat events/fprobes/${event}/hist`)) ?? [];
    return rows.split('\n').filter((line) => line !== '');
  }
}

const trigger = (event: string, what: string) => `echo '${what}' >> events/fprobes/${event}/trigger`;

describe('histograms', () => {
  const tables: readonly (readonly [spec: string, line: string, rows: readonly string[]])[] = [
    [
      'keys=n',
      'hist:keys=n:vals=hitcount:sort=hitcount:size=2048',
      ['{ n:          1 } hitcount:          1', '{ n:          3 } hitcount:          1', '{ n:          2 } hitcount:          2'],
    ],
    [
      'keys=n:vals=m,n:sort=n.descending:size=200',
      'hist:keys=n:vals=hitcount,m,n:sort=n.descending:size=256',
      [
        '{ n:          2 } hitcount:          2  m:        200  n:          4',
        '{ n:          3 } hitcount:          1  m:        100  n:          3',
        '{ n:          1 } hitcount:          1  m:        100  n:          1',
      ],
    ],
    [
      'keys=n.log2:sort=n',
      'hist:keys=n.log2:vals=hitcount:sort=n:size=2048',
      ['{ n: ~ 2^0  } hitcount:          1', '{ n: ~ 2^1  } hitcount:          2', '{ n: ~ 2^2  } hitcount:          1'],
    ],
    [
      'keys=m.hex,n.buckets=2:sort=n',
      'hist:keys=m.hex,n.buckets=2:vals=hitcount:sort=n:size=2048',
      ['{ m: 64, n: ~ 0-1 } hitcount:          1', '{ m: 64, n: ~ 2-3 } hitcount:          3'],
    ],
    [
      'keys=common_pid.execname:vals=hitcount.percent,m.hex,n.graph',
      'hist:keys=common_pid.execname:vals=hitcount,hitcount.percent,m.hex,n.graph:sort=hitcount:size=2048',
      ['{ common_pid: program         [         1] } hitcount:          4  hitcount (%): 100.00  m:        190  n: ####################'],
    ],
    ['keys=m:vals=n:nohitcount', 'hist:keys=m:vals=hitcount,n:sort=hitcount:size=2048:nohitcount', ['{ m:        100 }  n:          8']],
    ['keys=m:total=n*m+1', 'hist:keys=m:vals=hitcount:total=n*m+1:sort=hitcount:size=2048', ['{ m:        100 } hitcount:          4']],
  ];
  for (const [spec, line, rows] of tables) {
    it(`counts by ${spec}`, () => {
      const console = new HistConsole();
      assert.equal(console.type(trigger('e', `hist:${spec}`)), '', console.type('cat error_log'));
      assert.equal(console.type('cat events/fprobes/e/trigger'), `${line} [active]\n`);
      console.work();
      assert.deepEqual(console.rows('e'), rows);
    });
  }

  it('has stacks and symbols for keys', () => {
    const console = new HistConsole();
    console.type(trigger('b', 'hist:keys=common_stacktrace'));
    console.type(trigger('e', 'hist:keys=__probe_ip.sym-offset'));
    console.work();
    const rows = console.rows('b');
    assert.equal(rows[0], '{ common_stacktrace:');
    assert.match(rows.slice(1, -1).join('\n'), /^ {9}main\+0x/m);
    assert.equal(rows.at(-1), '} hitcount:          4');
    assert.match(console.rows('e')[0]!, /^\{ __probe_ip: \[[0-9a-f]+\] end\+0x4\/0x[0-9a-f]+ +\} hitcount: {10}4$/);
  });

  it('measures from one event to another, and makes a synthetic event of it', () => {
    const console = new HistConsole();
    console.follows(`\
$ echo 'latency u64 lat; u64 n; char who[16]' > synthetic_events
$ cat synthetic_events
latency	u64 lat; u64 n; char[16] who
$ ${trigger('b', 'hist:keys=n:ts0=common_timestamp:first=n')}
$ ${trigger('e', 'hist:keys=n:lat=common_timestamp-$ts0:onmatch(fprobes.b).latency($lat,$first,comm)')}
$ cat events/fprobes/e/trigger
hist:keys=n:vals=hitcount:lat=common_timestamp-$ts0:sort=hitcount:size=2048:clock=global:onmatch(fprobes.b).latency($lat,$first,comm) [active]
$ cat trace_clock
local [global] counter uptime perf mono mono_raw boot tai
$ ${trigger('synthetic', '')}
sh: can't create events/fprobes/synthetic/trigger: No such file or directory
$ echo 'hist:keys=n:vals=lat' > events/synthetic/latency/trigger
$ echo 1 > events/synthetic/latency/enable
`);
    const bodies = console.work().bodies;
    assert.deepEqual(
      bodies.map((body) => body.replace(/lat=\d+/, 'lat=N')),
      [1, 2, 2, 3].map((n) => `latency: lat=N n=${n} who=program`),
    );
    assert.match(console.type('cat events/synthetic/latency/format'), /\tfield:char who\[16\];\toffset:24;\tsize:16;\tsigned:1;\n/);
    assert.equal(
      console
        .type('cat events/synthetic/latency/hist')
        .split('\n')
        .filter((line) => line.startsWith('{')).length,
      3,
    );
    console.follows(`\
$ echo '!hist:keys=n:ts0=common_timestamp:first=n' >> events/fprobes/b/trigger
sh: write error: Device or resource busy
$ echo '!latency' >> synthetic_events
sh: write error: Device or resource busy
`);
  });

  it('keeps what was at the largest, and at a change', () => {
    const console = new HistConsole();
    console.type(trigger('e', 'hist:keys=m:top=n:onmax($top).save(n,comm)'));
    console.type(trigger('b', 'hist:keys=common_pid:last=n:onchange($last).snapshot()'));
    console.type('echo 1 > events/fprobes/b/enable');
    console.work();
    assert.deepEqual(console.rows('e'), [
      '{ m:        100 } hitcount:          4',
      `\tmax:          3  n:          3  comm: ${'program'.padEnd(32)}`,
    ]);
    assert.match(
      console.type('cat events/fprobes/b/hist'),
      /\n\nSnapshot taken \(see tracing\/snapshot\). {2}Details:\n\ttriggering value \{ onchange\(\$last\) \}: {10}3\n\ttriggered by event with key: \{ common_pid: {10}1 \}\n/,
    );
    assert.match(console.type('head -3 snapshot'), /entries-written: [34]\//);
  });

  it('pauses, goes on and begins again', () => {
    const console = new HistConsole();
    console.type(trigger('b', 'hist:keys=n:pause'));
    assert.deepEqual(console.work().rows('b'), []);
    console.type(trigger('b', 'hist:keys=n:cont'));
    assert.equal(console.work().rows('b').length, 3);
    console.type(trigger('b', 'hist:keys=n:clear'));
    assert.deepEqual(console.rows('b'), []);
    console.type(trigger('b', 'disable_hist:fprobes:b'));
    assert.match(console.work().type('cat events/fprobes/b/trigger'), /^disable_hist:fprobes:b:unlimited\n.*\[paused\]\n$/);
  });

  it('is one for two events under a name', () => {
    const console = new HistConsole();
    console.type(trigger('b', 'hist:name=both:keys=n'));
    console.type(trigger('e', 'hist:name=both:keys=n'));
    console.work();
    assert.equal(console.rows('b').at(-1), '{ n:          2 } hitcount:          4');
    assert.deepEqual(console.rows('b'), console.rows('e'));
    assert.equal(console.type(trigger('e', 'hist:name=both:keys=m')), 'sh: write error: Invalid argument\n');
  });

  it('refuses as the kernel does, with the place in error_log', () => {
    const refusals: readonly (readonly [spec: string, message: string, part: string])[] = [
      ['keys=nosuch', "Couldn't find field", 'nosuch'],
      ['keys=n.nosuch', 'Invalid field modifier', 'n.nosuch'],
      ['keys=$x', 'Using variable references in keys not supported', '$x'],
      ['keys=n:vals=nosuch', "Couldn't find field", 'nosuch'],
      ['keys=n:sort=m', 'Sort field must be a key or a val', 'm'],
      ['keys=n:sort=n.up', 'Invalid sort modifier', 'n.up'],
      ['keys=n:sort=n,n,n', 'Too many sort fields (Max = 2)', 'n,n,n'],
      ['keys=n:x=', 'Empty assignment', 'x='],
      ['keys=n:x=n:x=m', 'Variable already defined', 'x=m'],
      ['keys=n:x=$nosuch', "Couldn't find variable", '$nosuch'],
      ['keys=n:x=comm+1', 'String type can not be an operand in expression', 'comm+1'],
      ['keys=n:x=n+n+n+n+n', 'Too many subexpressions (3 max)', 'n+n+n+n+n'],
      ['keys=n:nonsense', 'No action found', 'nonsense'],
      ['keys=n:onmatch(nosuch.b).x(n)', 'Invalid subsystem or event name', 'nosuch.b'],
      ['keys=n:onmatch(fprobes.b).nosuch(n)', "Couldn't find synthetic event", 'nosuch'],
      ['keys=n:onmatch(fprobes.b).save(n)', "Handler doesn't support action", 'save'],
      ['keys=n:onmax(n).save(n)', 'For onmax(x) or onchange(x), x must be a variable', ''],
      ['keys=n:onmax($n).save(n)', "Couldn't find onmax or onchange variable", '$n'],
      ['keys=n:x=n:onmax($x).save()', 'No params found for save()', 'onmax'],
      ['keys=n:x=n:onmax($x).save(n', 'No closing paren found', 'save(n'],
      ['keys=n:x=n:onmatch(fprobes.b).two(n)', "Param count doesn't match synthetic event field count", 'two'],
      ['keys=n:x=n:onmatch(fprobes.b).two(n,nosuch)', "Couldn't find param", 'nosuch'],
      ['keys=n:cont', "Can't clear or continue a nonexistent hist trigger", ''],
    ];
    for (const [spec, message, part] of refusals) {
      const console = new HistConsole();
      console.type("echo 'two u64 a; u64 b' > synthetic_events");
      assert.match(console.type(trigger('e', `hist:${spec}`)), /^sh: write error: /, spec);
      const [first = '', command = '', caret = ''] = console.type('cat error_log').split('\n');
      assert.equal(first.replace(/^\[.*?\] /, ''), `hist:fprobes:e: error: ${message}`, spec);
      assert.equal(command, `  Command: hist:${spec}`);
      if (part.length > 1) assert.equal(caret.length - 12, `hist:${spec}`.indexOf(part), spec);
    }
  });

  it('has other triggers, of which each is there once', () => {
    const console = new HistConsole();
    console.follows(`\
$ head -2 events/fprobes/b/trigger
# Available triggers:
# traceon traceoff snapshot stacktrace enable_event disable_event enable_hist disable_hist hist
$ ${trigger('b', 'traceoff:1 if n == 2')}
$ ${trigger('b', 'traceoff')}
sh: write error: File exists
$ ${trigger('b', 'enable_event:fprobes:e:1')}
$ ${trigger('b', 'enable_event:fprobes:nosuch')}
sh: write error: Invalid argument
$ ${trigger('b', 'traceoff:x')}
sh: write error: Invalid argument
$ ${trigger('b', 'nosuch')}
sh: write error: Invalid argument
$ cat events/fprobes/b/trigger
enable_event:fprobes:e:count=1
traceoff:count=1 if n == 2
$ cat show_event_triggers
fprobes:b                       enable_event:fprobes:e:count=1
fprobes:b                       traceoff:count=1 if n == 2
`);
    assert.deepEqual(
      console.work().bodies.map((body) => body.replace(/^(\w+):.* (n=\d).*/, '$1 $2')),
      ['e n=1'],
    );
    console.follows(`\
$ cat events/fprobes/b/trigger
enable_event:fprobes:e:count=0
traceoff:count=0 if n == 2
$ echo '!traceoff' >> events/fprobes/b/trigger
$ echo '!enable_event:fprobes:e' >> events/fprobes/b/trigger
$ head -1 events/fprobes/b/trigger
# Available triggers:
`);
  });
});

describe('filters of events', () => {
  it('say what is wrong with them, and where', () => {
    const refusals: readonly (readonly [filter: string, message: string, at: number])[] = [
      ['nosuch == 1', 'Field not found', 6],
      ['n ==', 'Invalid value (did you forget quotes)?', 4],
      ['n == x', 'Invalid value (did you forget quotes)?', 5],
      ['n == 1x', 'Illegal integer value', 5],
      ['n = 1', 'Invalid operator', 2],
      ['n ~ 1', 'Illegal operation for field type', 3],
      ['n == "a"', 'Expecting numeric field', 5],
      ['comm == 1', 'Expecting string field', 8],
      ['comm == "a', 'Missing matching quote', 8],
      ['(n == 1', "Too many '('", 7],
      ['n == 1)', "Too few '('", 6],
    ];
    for (const [filter, message, at] of refusals) {
      const console = new HistConsole();
      assert.equal(console.type(`echo '${filter}' > events/fprobes/b/filter`), 'sh: write error: Invalid argument\n', filter);
      const wrong = `${filter}\n${' '.repeat(at)}^\nparse_error: ${message}\n`;
      assert.equal(console.type('cat events/fprobes/b/filter'), wrong);
      assert.equal(
        console.type('cat error_log').replace(/^\[.*?\] /, ''),
        `event filter parse error: error: ${message}\n  Command: ${filter}\n           ${' '.repeat(at)}^\n`,
      );
    }
  });

  it('let pass what they say', () => {
    const passes: readonly (readonly [filter: string, numbers: readonly number[]])[] = [
      ['n == 2', [2, 2]],
      ['n != 2 && n < 3', [1]],
      ['n == 1 || n == 3', [1, 3]],
      ['!(n == 1 || n == 3)', [2, 2]],
      ['n & 1', [1, 3]],
      ['n >= 0x2', [2, 2, 3]],
      ['comm == "program" && common_pid == 1', [1, 2, 2, 3]],
      ['comm ~ "pro*"', [1, 2, 2, 3]],
      ['comm ~ "x*"', []],
    ];
    for (const [filter, numbers] of passes) {
      const console = new HistConsole();
      console.follows(`\
$ echo '${filter}' > events/fprobes/b/filter
$ echo 1 > events/fprobes/b/enable
$ cat events/fprobes/b/filter
${filter}
$ cat show_event_filters
fprobes:b                       ${filter}
`);
      assert.deepEqual(
        console.work().bodies.map((body) => Number(/n=(\d+)/.exec(body)![1])),
        numbers,
        filter,
      );
    }
  });
});
