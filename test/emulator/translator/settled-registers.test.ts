import assert from 'node:assert/strict';
import { Pair } from './pair';

/** A function that calls itself twice, as often as a0 says and less, with what stands at its beginning and before its return. */
function recursion({ first = 'auipc t0, 1', before = '', last = '', elsewhere = '' }): string {
  return `
        .globl _start
_start: li s3, 0
again:  addi s3, s3, 1
        andi a0, s3, 7
        mv t0, s3
        jal ra, fib
        add s4, s4, t0
        add s4, s4, a0
        j again
${elsewhere}
fib:    ${first}
        nop
        ${before}
        li a5, 1
        ble a0, a5, done
        addi sp, sp, -32
        sd ra, 24(sp)
        sd s0, 16(sp)
        sd s1, 8(sp)
        mv s0, a0
        addi a0, a0, -1
        jal ra, fib
        add s4, s4, t0
        mv s1, a0
        addi a0, s0, -2
        jal ra, fib
        add a0, a0, s1
        xor s4, s4, t0
        ld ra, 24(sp)
        ld s0, 16(sp)
        ld s1, 8(sp)
        addi sp, sp, 32
        ${last}
done:   ret
`;
}

const other = 'other:  addi t0, t0, 5\n        ret';
/** The same where a region that jumps there by a register does not have it. */
const farOther = `${other}\n        .zero 40000`;
/** The same, too long to be put in line. */
const longOther = `other:  addi t0, t0, 5\n${'        addi s5, s5, 1\n'.repeat(60)}        ret`;

/** As often as that is needed until code that is come to leads to all of it. */
const hotAfter = 60;

describe('registers that have one constant in a region that calls itself alone', () => {
  for (const [what, text] of Object.entries({
    'that writes nothing else to them': recursion({}),
    'that reads one before': recursion({ first: 'add s4, s4, t0', before: 'auipc t0, 1' }),
    'that writes another constant to one further on': recursion({ last: 'li t0, 9' }),
    'that goes on to another function, which changes one': recursion({ last: 'j other', elsewhere: other }),
    'that goes on to another function by a register, or to itself': recursion({
      last: 'srli a0, a0, 1\n        addi s7, s7, 1\n        andi t1, s7, 1\n        beqz t1, fib\n        la t1, other\n        jr t1',
      elsewhere: farOther,
    }),
    'that calls another function': recursion({ last: 'mv s6, ra\n        jal ra, other\n        mv ra, s6', elsewhere: longOther }),
    'that returns to elsewhere now and then': recursion({
      last: 'andi t1, s4, 63\n        bnez t1, done\n        la ra, again\n        li sp, 0x6fff00',
    }),
  })) {
    it(`are what the interpreter says at any instruction, in one ${what}`, () => {
      const pair = new Pair(text, { hotAfter });
      for (let slice = 1; slice < 200; slice += 1) assert.deepEqual(pair.run(slice), { kind: 'budget' });
      for (const slice of [1000, 9999, 2_000_003, 100_003]) assert.deepEqual(pair.run(slice), { kind: 'budget' });
      assert.ok(pair.ours.statistics.regions > 0);
    });
  }

  it('are so where the function is left before they have it', () => {
    const pair = new Pair(recursion({ first: 'ld t1, 0(s5)', before: 'auipc t0, 1' }).replace('li s3, 0', 'mv s5, sp'), { hotAfter });
    assert.deepEqual(pair.run(100_000), { kind: 'budget' });
    for (let count = 0; count < 20; count += 1) {
      for (const machine of pair.machines) machine.writeX(21, 8n);
      const stop = pair.run(1000);
      assert.equal(stop.kind === 'exception' ? stop.exception.cause : stop.kind, 'load-access-fault');
      for (const machine of pair.machines) machine.writeX(21, machine.readX(2));
      assert.deepEqual(pair.run(997), { kind: 'budget' });
    }
  });

  it('are so where the function ends at a breakpoint that is set while it runs, and where its code changes', () => {
    const pair = new Pair(recursion({}), { hotAfter, writableCode: true });
    pair.run(50_000);
    const site = pair.address('fib');
    for (const machine of pair.machines) machine.setBreakpoint(site);
    for (let count = 0; count < 20; count += 1) assert.deepEqual(pair.run(5000), { kind: 'breakpoint' });
    for (const machine of pair.machines) machine.clearBreakpoint(site);
    pair.run(50_000);
    const nop = new Uint8Array([0x13, 0, 0, 0]);
    for (const machine of pair.machines) machine.memory.write(site, nop);
    for (let slice = 1; slice < 100; slice += 1) assert.deepEqual(pair.run(slice), { kind: 'budget' });
  });

  it('are so where the host has no stack left for the calls', () => {
    const pair = new Pair(
      recursion({})
        .replace('andi a0, s3, 7', 'li a0, 12')
        .replaceAll('addi sp, sp, -32', 'addi sp, sp, -512')
        .replaceAll('addi sp, sp, 32', 'addi sp, sp, 512'),
    );
    assert.deepEqual(pair.run(200_000), { kind: 'budget' });
    const deep = new Pair(recursion({}).replace('andi a0, s3, 7', 'li a0, 20000').replace('addi a0, s0, -2', 'li a0, 0'), {
      stackSize: 0x1000000n,
      size: 0x2000000,
    });
    for (let count = 0; count < 5; count += 1) assert.deepEqual(deep.run(100_003), { kind: 'budget' });
    assert.ok(deep.ours.statistics.regions > 0);
  });
});
