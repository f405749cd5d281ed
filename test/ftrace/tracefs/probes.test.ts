import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argsModel } from '../../../ftrace/models/args';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { requireTools } from '../../support/tools';
import { Console } from './console';

const source = `
enum color { red, green = 7 };
struct place { short x, y; };
struct item { int id; unsigned flags : 4, kind : 3; char name[8]; struct item *next; struct place at; const char *text; };
static struct item second = { 2, 1, 5, "second", 0, { 3, -4 }, "two" };
static struct item first = { 1, 9, 2, "first", &second, { 1, 2 }, "one" };
unsigned numbers[4] = { 10, 20, 30, 40 };
const char *words[2] = { "alpha", "beta" };
__attribute__((noinline)) int visit(struct item *it, const char *label, unsigned char count, enum color c, long delta) {
  __asm__ volatile("" : : "r"(it), "r"(label), "r"(c), "r"(delta) : "memory");
  return it->id - count;
}
__attribute__((noinline)) void quiet(void) { __asm__ volatile(""); }
__attribute__((noinline)) struct item *find(void) { __asm__ volatile(""); return &first; }
__attribute__((noreturn)) void _start(void) {
  visit(&first, "hello", 3, green, -5);
  quiet();
  find();
  __asm__ volatile(".globl done\\ndone: li a0, 0\\n li a7, 93\\n ecall");
  for (;;) {}
}
`;
const flags = ['-march=rv64imac', '-mabi=lp64', '-g', '-O1', '-static', '-nostdlib', '-ffreestanding', '-Wl,--no-relax'];

describe('probes with debug information', () => {
  let program: Program;
  let old: Program;

  before(function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
    writeFileSync(join(folder, 'program.c'), source);
    const build = (name: string, site: string) => {
      execFileSync('riscv64-linux-gnu-gcc', [...flags, site, '-falign-functions=8', '-o', join(folder, name), join(folder, 'program.c')]);
      return readProgram(readFileSync(join(folder, name)), 'program');
    };
    program = build('new', '-fpatchable-function-entry=8,4');
    old = build('old', '-fpatchable-function-entry=4');
    rmSync(folder, { recursive: true });
  });

  /** The fields that an event of one probe shows when the program has run. */
  function shown(probe: string): string {
    const console = new Console(program);
    assert.equal(console.type(`echo '${probe}' > dynamic_events`), '', console.type('cat error_log'));
    console.type(`echo 1 > events/enable; echo 0 > events/raw_syscalls/enable; echo 0 > events/syscalls/enable`);
    const [body, ...more] = console.work().bodies;
    assert.deepEqual(more, []);
    return body!.replace(/^\S+: \([^)]*\) /, '');
  }

  const values: readonly (readonly [argument: string, value: string])[] = [
    ['label:string', 'label="hello"'],
    ['count', 'count=3'],
    ['c', 'c=7'],
    ['delta', 'delta=-5'],
    ['id=it->id', 'id=1'],
    ['it->id:x8', 'arg1=0x1'],
    ['it->flags', 'arg1=9'],
    ['k=it->next->kind', 'k=5'],
    ['y=it->next->at.y', 'y=-4'],
    ['n=it->name:string', 'n="first"'],
    ['t=it->next->text:string', 't="two"'],
    ['x=+0($arg1):u32', 'x=1'],
    ['x=+5($arg1):char', "x='f'"],
    ['x=+5($arg1):string', 'x="first"'],
    ['x=+0(+16($arg1)):s32', 'x=2'],
    ['x=@numbers:u32[4]', 'x={10,20,30,40}'],
    ['x=@numbers+4:x32', 'x=0x14'],
    ['x=@words:string[2]', 'x={"alpha","beta"}'],
    ['x=+4($arg1):b3@4/32', 'x=2'],
    ['x=$arg3:u8 y=\\0x10', 'x=3 y=0x10'],
    ['who=$comm', 'who="program"'],
    ['x=\\"text"', 'x="text"'],
  ];
  for (const [argument, value] of values) it(`fetches ${argument}`, () => assert.equal(shown(`f:e visit ${argument}`), value));

  it('names functions by symbol and symstr', () => {
    assert.match(shown('f:e visit s=@words:symbol'), /^s=/);
    assert.equal(shown('f:e visit s=\\0:symstr'), 's="0x00000000"');
  });

  it('knows the type of a result, and whether there is one', () => {
    assert.equal(shown('f:e visit%return $retval'), 'arg1=-2');
    assert.equal(shown('f:e find%return id=$retval->next->id'), 'id=2');
    assert.equal(shown('f:e visit%return r=$retval label:string'), 'r=-2 label="hello"');
  });

  it('expands $arg* to the names of the parameters', () => {
    const console = new Console(program);
    console.follows(`\
$ echo 'f visit $arg*' > dynamic_events
$ cat dynamic_events
f:fprobes/visit__entry visit it=it label=label count=count c=c delta=delta
`);
  });

  it('refuses as the kernel does, with the place in error_log', () => {
    const refusals: readonly (readonly [probe: string, message: string, at: number])[] = [
      ['f visit nosuch', 'This variable is not found at this probe point', 8],
      ['f visit x=it->nosuch', 'This field is not found.', 10],
      ['f visit x=count->id', 'This is not a pointer to union/structure.', 10],
      ['f visit x=it-id', "Failed to parse single hyphen. Forgot '>'?", 10],
      ['f visit x=delta:string', 'This type does not fit for string.', 10],
      ['f visit $retval', '$retval is not available on probe', 8],
      ['f quiet%return $retval', "This function returns 'void' type", 15],
      ['f visit $arg9', 'Invalid argument number', 8],
      ['f visit $nosuch', 'Invalid $-valiable specified', 8],
      ['f visit x=$arg1:u7', 'Unknown type is specified', 16],
      ['f visit x=@numbers:u32[0]', 'Invalid array size', 23],
      ['f visit x=@numbers:u32[65]', 'Array number is too big', 23],
      ['f visit x=@numbers:u32[4', 'Array is not closed', 24],
      ['f visit x=$arg1:b8@60/32', 'Invalid bitfield', 16],
      ['f visit x=$comm:u64', '$comm and immediate-string only accepts string type', 16],
      ['f visit x=+0($comm)', '$comm can not be dereferenced', 13],
      ['f visit x=+0', 'Dereference needs a brace', 10],
      ['f visit x=+0($arg1', 'Dereference brace is not closed', 18],
      ['f visit x=%a0', 'Invalid register name', 10],
      ['f visit x=$arg1 x=$arg2', 'This argument name is already used', 16],
      ['f visit 1x=$arg1', 'Argument name must follow the same rules as C identifiers', 8],
      ['f visit x=', 'No argument expression', 10],
      ['f visit a=$arg*', '$arg* must be an independent parameter without name etc.', 8],
      ['f visit $arg* $arg*', '$arg* can be used only once in the parameters', 14],
      ['f nosuch', 'Failed to register probe event', 2],
      ['f:1g/e visit', 'Group name must follow the same rules as C identifiers', 2],
      ['f:g/1e visit', 'Event name must follow the same rules as C identifiers', 4],
      ['f:/e visit', 'Group name is not specified', 2],
      ['f visit%suffix', 'Invalid probed address suffix', 7],
      ['p nosuch', 'Invalid probed address or symbol', 2],
      ['p visit+3', 'Probe point is not an instruction boundary', 2],
      ['r visit+8', 'Retprobe address must be an function entry', 2],
      ['r4097 visit', 'Maxactive is too big', 1],
      ['p1 visit', 'Maxactive is not for kprobe', 1],
      ['p visit+8 x=$arg1', 'Invalid $-valiable specified', 12],
      ['t nosuch', 'Tracepoint is not found', 2],
      ['p /nosuch:0x10', 'Failed to find the given file', 2],
      ['p /bin/program:zz', 'Invalid uprobe offset', 15],
    ];
    for (const [probe, message, at] of refusals) {
      const console = new Console(program);
      assert.match(console.type(`echo '${probe}' >> dynamic_events`), /^sh: write error: /, probe);
      const [first = '', command, caret] = console.type('cat error_log').split('\n');
      assert.equal(first.replace(/^.*error: /, ''), message, probe);
      assert.equal(command, `  Command: ${probe}`);
      assert.equal(caret, `           ${' '.repeat(at)}^`, probe);
    }
  });

  it('lets several probes make one event, if they are alike', () => {
    const console = new Console(program);
    console.follows(`\
$ echo 'p:two visit x=%ra' > kprobe_events
$ echo 'p:two quiet x=%ra' >> kprobe_events
$ echo 'p:two quiet x=%ra' >> kprobe_events
sh: write error: File exists
$ echo 'r:two quiet' >> kprobe_events
sh: write error: File exists
$ echo 'p:two quiet y=%ra' >> kprobe_events
sh: write error: File exists
$ cat kprobe_events
p:kprobes/two visit x=%ra
p:kprobes/two quiet x=%ra
$ echo 1 > events/kprobes/two/enable
`);
    assert.deepEqual(
      console.work().bodies.map((body) => body.replace(/\+0x0.*/, '')),
      ['two: (visit', 'two: (quiet'],
    );
    assert.match(console.type('cat kprobe_profile'), /^ {2}two {42} {14}1 {15}0\n {2}two/);
  });

  it('has uprobes by the place in the file', () => {
    const console = new Console(program);
    const address = program.symbols.named('quiet')!.address;
    const { segments } = program;
    const code = segments.find(({ permissions }) => permissions.execute)!;
    const offset = program.image.indexOf(code.bytes[0]!) >= 0 ? address - code.address : 0n;
    console.type(
      `echo 'p:up /bin/program:0x${offset.toString(16)} sp=%sp' > uprobe_events; echo 'r:ret /bin/program:${offset}' >> uprobe_events`,
    );
    const place = offset.toString(16).padStart(16, '0');
    assert.equal(console.type('cat uprobe_events'), `p:uprobes/up /bin/program:0x${place} sp=%sp\nr:uprobes/ret /bin/program:0x${place}\n`);
    console.type('echo 1 > events/uprobes/enable');
    const [entry, exit] = console.work().bodies;
    assert.match(entry!, new RegExp(`^up: \\(0x${address.toString(16)}\\) sp=0x[0-9a-f]+$`));
    assert.match(exit!, new RegExp(`^ret: \\(0x[0-9a-f]+ <- 0x${address.toString(16)}\\)$`));
    assert.match(console.type('cat uprobe_profile'), /^ {2}\/bin\/program up +1\n {2}\/bin\/program ret +1\n$/);
    assert.equal(
      console.type(`echo 'p /bin/program:0x${offset.toString(16)} x=$arg1' >> uprobe_events`),
      'sh: write error: Invalid argument\n',
    );
  });

  it('has events at tracepoints', () => {
    const console = new Console(program);
    console.follows(`\
$ echo 't:mine sys_enter nr=id:u32 $arg2' > dynamic_events
$ cat dynamic_events
t:tracepoints/mine sys_enter nr=id:u32 arg2=$arg2
$ echo 1 > events/tracepoints/mine/enable
`);
    console.tracefs.state.systemCalls.observe(64, [1n, 2n, 3n, 0n, 0n, 0n], undefined);
    assert.match(console.bodies[0]!, /^mine: \(.*\) nr=64 arg2=0x40$/);
  });

  it('has no fprobes before 6.14, and kprobes behind the call site', () => {
    const console = new Console(old, argsModel);
    console.follows(`\
$ echo 'f visit' > dynamic_events
sh: write error: Invalid argument
$ echo 'p:kp visit it' > kprobe_events
sh: write error: Invalid argument
$ echo 'p:kp visit+8 a=%a2:u8' > kprobe_events
$ cat kprobe_events
p:kprobes/kp visit+8 a=%a2:u8
$ echo 1 > events/kprobes/kp/enable
`);
    assert.match(console.work().bodies[0]!, /^kp: \(visit\+0x8\/0x[0-9a-f]+\) a=3$/);
  });
});
