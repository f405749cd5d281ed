import assert from 'node:assert/strict';
import { argsModel } from '../../../ftrace/models/args';
import { assembled } from '../launch';
import { Console } from './console';

const source = `
        .globl _start
_start: call main
done:   j done
        .type main, @function
main:   addi sp, sp, -16
        sd ra, 8(sp)
        li a0, -100
        la a1, path
        li a2, 0
        li a3, 0
        li a7, 56
        ecall
        li a0, 1
        la a1, text
        li a2, 6
        li a7, 64
        ecall
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size main, .-main
        .data
path:   .string "/no/süch/file"
text:   .ascii "hi\\t\\377!\\n"
`;

describe('event probes', () => {
  const program = assembled(source, { lead: 8 });

  it('make events of the fields of others', () => {
    const console = new Console(program);
    assert.equal(
      console.type(
        "echo 'e:opened syscalls/sys_enter_openat dir=$dfd:s32 name=$__filename_val:string at=+0($filename):x8' > dynamic_events",
      ),
      '',
    );
    assert.equal(
      console.type('cat dynamic_events'),
      'e:eprobes/opened syscalls.sys_enter_openat dir=$dfd:s32 name=$__filename_val:string at=+0($filename):x8\n',
    );
    console.type('echo 1 > events/eprobes/opened/enable');
    assert.deepEqual(console.work().bodies, ['opened: (syscalls.sys_enter_openat) dir=-100 name="/no/süch/file" at=0x2f']);
    assert.match(console.type('cat events/eprobes/opened/format'), /field:s32 dir;\toffset:8;\tsize:4;\tsigned:1;/);
    assert.equal(console.type('cat events/syscalls/sys_enter_openat/enable'), '0\n');
  });

  it('happen where their filter passes', () => {
    const console = new Console(program);
    console.type("echo 'e syscalls.sys_enter_write n=$count:u64 text=$buf:string if count > 100' > dynamic_events");
    console.type("echo 'e:some/short syscalls.sys_enter_write n=$count:u64 who=$comm if fd == 1' >> dynamic_events");
    console.type('echo 1 > events/eprobes/enable; echo 1 > events/some/short/enable');
    assert.deepEqual(console.work().bodies, ['short: (syscalls.sys_enter_write) n=6 who="program"']);
  });

  it('keep the event that they are attached to', () => {
    const console = new Console(program);
    const type = (line: string) => console.type(line);
    type("echo 'f:called main' > dynamic_events; echo 'e:seen fprobes.called ip=$__probe_ip:symbol' >> dynamic_events");
    assert.equal(type("echo '-:fprobes/called' >> dynamic_events"), 'sh: write error: Device or resource busy\n');
    type('echo 1 > events/eprobes/seen/enable');
    assert.match(console.work().bodies.join(), /^seen: \(fprobes\.called\) ip=main\+0x4\/0x[0-9a-f]+$/);
    type('echo 0 > events/eprobes/seen/enable');
    assert.equal(type("echo '-:eprobes/seen' >> dynamic_events; echo '-:fprobes/called' >> dynamic_events; cat dynamic_events"), '');
  });

  it('say what is wrong with them', () => {
    const console = new Console(program);
    const errorOf = (line: string) => {
      console.type('echo > error_log');
      assert.notEqual(console.type(`echo '${line}' > dynamic_events`), '', line);
      return console
        .type('cat error_log')
        .replace(/^\[.*?\] /, '')
        .trimEnd();
    };
    const told = (message: string, line: string, at: number) =>
      `event_probe: error: ${message}\n  Command: ${line}\n           ${' '.repeat(at)}^`;
    for (const [message, line, at] of [
      ['This requires both group and event name to attach', 'e:x openat', 4],
      ['Attached event does not exist', 'e:x syscalls.nosuch', 4],
      ['Attached event does not have this field', 'e:x syscalls.sys_enter_openat a=$nosuch', 32],
      ["No filter rule after 'if'", 'e:x syscalls.sys_enter_openat if', 30],
    ] as const)
      assert.equal(errorOf(line), told(message, line, at));
  });
});

describe('the events of write', () => {
  it('show its bytes since 7.2, and what of them is text', () => {
    const console = new Console(assembled(source, { lead: 8 }));
    console.type('echo 1 > events/syscalls/sys_enter_write/enable');
    const [body] = console.work().bodies;
    assert.match(body!, /^sys_write\(fd: 1, buf: \d+ \(68:69:09:ff:21:0a\) "hi\.\.!\.", count: 6\)$/);
    console.type('echo 2 > syscall_user_buf_size; echo > trace');
    assert.match(console.work().bodies[0]!, /\(68:69\) "hi", count: 6\)$/);
  });

  it('show none before', () => {
    const console = new Console(assembled(source), argsModel);
    console.type('echo 1 > events/syscalls/sys_enter_write/enable');
    assert.match(console.work().bodies[0]!, /^sys_write\(fd: 1, buf: [0-9a-f]+, count: 6\)$/);
  });
});
