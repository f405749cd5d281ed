import assert from 'node:assert/strict';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import { assembled, sample } from '../launch';
import { Console } from './console';

const long = '1234567890'.repeat(7);
/** Wrong probes, with `^` before the character at which the kernel's error is (kselftest: kprobe_syntax_errors.tc, fprobe_syntax_errors.tc). */
const wrong = [
  ...['p:^/bar fib', `p:^a${long}/bar fib`, 'p:^foo.1/bar fib', 'p:^ fib', `p:foo/^a${long} fib`, 'p:foo/^bar.1 fib'],
  ...['p ^non_exist_func', 'p ^hoge-fuga', 'p ^hoge+1000-1000', 'r ^fib+10', 'p fib^%hoge', 'p ^fib+10%return', 'p ^fib+4'],
  ...['p fib ^$stack10000', 'p fib ^$none_var', 'p fib ^%none_reg', 'p fib ^@12345678abcdezz', 'p fib ^@+10', 'p fib ^$retval'],
  ...['p fib arg1=\\^x', 'p fib arg1=\\"abcd^', 'p fib ^+0@0)', 'p fib ^+0ab1(@0)', 'p fib +0(+0(@0^)', 'p fib +0(^$comm)', 'p fib ^&1'],
  ...['p fib @0x10000:u8[1^', 'p fib @0x10000:u8[^foo]', 'p fib @0x10000:u8[^257]', 'p fib @0x10000:u8[16]^string'],
  ...['p fib @11:^unknown_type', 'p fib $stack0:^string', 'p fib @11:^b10@a/16'],
  ...['p fib ^=@11', 'p fib ^var.1=@11', 'p fib var1=@11 ^var1=@12', 'p fib arg1=^'],
  ...['f ^non_exist_func', 'f fib^%hoge', 'f fib%return $retval ^$foo', 'f fib ^%a0', 'f ^fib+10', 'f fib ^$arg10000', 'f fib ^$arg0'],
  ...['f:^/bar fib', 'f^100 fib', 'f^1a fib%return', 'r^100000 fib', 'p^10 fib', 'f fib ^nosuchvar', 'f fib $arg* ^$arg*'],
  ...['f fib ^foo=$arg*', 'f fib ^$retval', 't ^nosuch', 't kmem^/kfree'],
];

describe('a wrong probe', () => {
  it('is told at its character in error_log', () => {
    const console = new Console(assembled(sample('fib.s'), callOpsModel), callOpsModel);
    const told = wrong.map((marked) => {
      const line = marked.replace('^', '');
      console.tracefs.write('error_log', '');
      assert.throws(() => console.tracefs.write('dynamic_events', line, true), line);
      const [, command, caret] = console.tracefs.read('error_log').split('\n');
      assert.equal(command, `  Command: ${line}`);
      const at = caret!.indexOf('^') - '  Command: '.length;
      return `${line.slice(0, at)}^${line.slice(at)}`;
    });
    assert.deepEqual(told, wrong);
  });
});
