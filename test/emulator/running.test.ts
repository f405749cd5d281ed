import assert from 'node:assert/strict';
import type { InBaseline } from '../../emulator/interpreter/interpreter-module';
import type { HookAnswer, Machine, Stop } from '../../emulator/machine';
import { encode } from '../../riscv/encode';
import { type Line, machineWith, places, stateOf } from '../support/code-machine';

const { code } = places;
const budget: Stop = { kind: 'budget' };

/** A loop of five instructions over a jump table's worth of kinds: arithmetic, memory, far jump, compressed. */
const loop: readonly Line[] = [
  ['addi', { rd: 5, rs1: 5, immediate: 1 }],
  ['c.addi', { rd: 6, rs1: 6, immediate: 3 }],
  ['sd', { rs1: 8, rs2: 5 }],
  ['mul', { rd: 9, rs1: 6, rs2: 5 }],
  ['jal', { immediate: -14 }],
];

function loopMachine() {
  const machine = machineWith(loop);
  machine.writeX(8, places.data);
  return machine;
}

describe('running', () => {
  it('counts the same under any slicing', () => {
    const whole = loopMachine();
    assert.deepEqual(whole.run(1003), budget);
    for (const slices of [Array(1003).fill(1), [500, 503], [1, 1000, 2], [7, 96, 900]]) {
      const sliced = loopMachine();
      for (const slice of slices) assert.deepEqual(sliced.run(slice), budget);
      assert.deepEqual(stateOf(sliced), stateOf(whole));
    }
    const stepped = loopMachine();
    for (let count = 0; count < 1003; count += 1) assert.deepEqual(stepped.step(), budget);
    assert.deepEqual(stateOf(stepped), stateOf(whole));
    assert.equal(whole.instret, 1003n);
  });

  it('executes a budget of many internal slices exactly', () => {
    const machine = loopMachine();
    assert.deepEqual(machine.run(5_000_003), budget);
    assert.equal(machine.instret, 5_000_003n);
    assert.equal(machine.readX(5), 1_000_001n);
    assert.equal(machine.pc, code + 10n);
  });

  it('keeps the interpreter in the baseline tier until it has had much to do, which changes nothing else', () => {
    const once = 1 << 21;
    const tiers: string[] = [];
    const inBaseline: InBaseline = (compile) => {
      tiers.push('baseline');
      return compile();
    };
    const [usual, watched] = [{}, { inBaseline }].map((options) => {
      const machine = machineWith(loop, { hotAfter: once, ...options });
      machine.writeX(8, places.data);
      for (const instructions of [1003, 5 * once, 1003]) assert.deepEqual(machine.run(instructions), budget);
      return machine;
    });
    assert.deepEqual(stateOf(watched!), stateOf(usual!));
    assert.deepEqual([watched!.pc, watched!.instret], [usual!.pc, usual!.instret]);
    assert.deepEqual([usual!.statistics.translated, watched!.statistics.translated], [1, 1]);
    assert.deepEqual(tiers, ['baseline']);
  });

  it('goes on in the baseline tier where the interpreter is made anew', () => {
    let compiled = 0;
    const inBaseline: InBaseline = (compile) => {
      compiled += 1;
      return compile();
    };
    const machine = machineWith(loop, { inBaseline });
    machine.writeX(8, places.data);
    machine.run(1003);
    const [pc, state] = [machine.pc, stateOf(machine)];
    machine.watchRegions(() => {});
    assert.equal(compiled, 2);
    assert.deepEqual([machine.pc, stateOf(machine)], [pc, state]);
    assert.deepEqual(machine.run(1003), budget);
    assert.equal(machine.instret, 2006n);
  });

  it('ends soon after a deadline, in the engine and where it leaves it all the time', () => {
    const [whole, hooked] = [loopMachine(), loopMachine()];
    hooked.setHook(code + 4n, () => 'continue');
    for (const machine of [whole, hooked]) {
      for (let count = 0; count < 5; count += 1) assert.deepEqual(machine.run(2 ** 31 - 1, performance.now() + 1), budget);
      assert.ok(machine.instret > 0n && machine.instret < 2n ** 31n, `${machine.instret}`);
    }
    const same = loopMachine();
    same.run(Number(hooked.instret));
    assert.deepEqual(stateOf(same), stateOf(hooked));
  });

  it('is the same twice', () => {
    const [first, second] = [loopMachine(), loopMachine()];
    first.run(123_456);
    second.run(123_456);
    assert.deepEqual(stateOf(first), stateOf(second));
  });
});

describe('breakpoints', () => {
  it('stop before the instruction each time round, and the next run goes on', () => {
    const machine = loopMachine();
    machine.setBreakpoint(code + 6n);
    for (let round = 1; round <= 5; round += 1) {
      assert.deepEqual(machine.run(1000), { kind: 'breakpoint' });
      assert.equal(machine.pc, code + 6n);
      assert.equal(machine.instret, BigInt(round * 5 - 3));
    }
    machine.clearBreakpoint(code + 6n);
    assert.deepEqual(machine.run(1000), budget);
  });

  it('are passed over by step, counted as a set, and may be set before and after the code was decoded', () => {
    const machine = loopMachine();
    machine.setBreakpoint(code);
    machine.setBreakpoint(code);
    assert.deepEqual(machine.step(), budget);
    machine.run(4);
    assert.deepEqual(machine.run(100), { kind: 'breakpoint' });
    machine.clearBreakpoint(code);
    machine.setBreakpoint(code + 4n);
    assert.deepEqual(machine.run(100), { kind: 'breakpoint' });
    assert.equal(machine.pc, code + 4n);
  });

  it('stop a run that begins at one to which the last run only came by its budget', () => {
    const machine = loopMachine();
    machine.setBreakpoint(code + 4n);
    assert.deepEqual(machine.run(1), budget);
    assert.deepEqual(machine.run(1), { kind: 'breakpoint' });
    assert.equal(machine.instret, 1n);
  });

  it('stop again where the pc was set anew', () => {
    const machine = loopMachine();
    machine.setBreakpoint(code);
    assert.deepEqual(machine.run(9), { kind: 'breakpoint' });
    machine.pc = code;
    assert.deepEqual(machine.run(9), { kind: 'breakpoint' });
  });

  it('stop once a round in a loop of one instruction', () => {
    const machine = machineWith([['jal', { immediate: 0 }]]);
    machine.setBreakpoint(code);
    for (let round = 0; round < 5; round += 1) {
      assert.deepEqual(machine.run(9), { kind: 'breakpoint' });
      assert.equal(machine.instret, BigInt(round));
    }
  });

  it('in the middle of an instruction or outside memory never stop', () => {
    const machine = loopMachine();
    for (const address of [code + 2n, code + 1n, 0n, 2n ** 64n - 2n]) machine.setBreakpoint(address);
    assert.deepEqual(machine.run(1000), budget);
  });

  it('hide nothing: memory shows the instruction, and a fault there is its own', () => {
    const machine = machineWith([['ebreak']]);
    machine.setBreakpoint(code);
    assert.equal(machine.memory.load(code, 4), 0x00100073n);
    assert.deepEqual(machine.run(9), { kind: 'breakpoint' });
    const stop = machine.run(9);
    assert.ok(stop.kind === 'exception' && stop.exception.cause === 'breakpoint');
  });
});

describe('hooks', () => {
  function hooked(answer: (machine: Machine, calls: number) => HookAnswer) {
    const machine = loopMachine();
    const counts: bigint[] = [];
    machine.setHook(code + 6n, () => {
      counts.push(machine.instret);
      return answer(machine, counts.length);
    });
    return { machine, counts };
  }

  it('are called before the instruction, with exact state, and cost the program nothing', () => {
    const { machine, counts } = hooked(() => 'continue');
    assert.deepEqual(machine.run(20), budget);
    assert.deepEqual(counts, [2n, 7n, 12n, 17n]);
    const plain = loopMachine();
    plain.run(20);
    assert.deepEqual(stateOf(machine), stateOf(plain));
  });

  it('that say stop are not called again for that instruction', () => {
    const { machine, counts } = hooked(() => 'stop');
    assert.deepEqual(machine.run(20), { kind: 'hook' });
    assert.equal(machine.pc, code + 6n);
    assert.deepEqual(machine.run(20), { kind: 'hook' });
    assert.deepEqual(machine.step(), budget);
    assert.deepEqual(counts, [2n, 7n]);
    assert.equal(machine.instret, 8n);
  });

  it('run in a step, before it', () => {
    const { machine, counts } = hooked((_machine, calls) => (calls === 1 ? 'continue' : 'stop'));
    for (let count = 0; count < 3; count += 1) assert.deepEqual(machine.step(), budget);
    assert.deepEqual(counts, [2n]);
    for (let count = 0; count < 4; count += 1) assert.deepEqual(machine.step(), budget);
    assert.deepEqual(machine.step(), { kind: 'hook' });
    assert.equal(machine.instret, 7n);
    assert.deepEqual(machine.step(), budget);
    assert.deepEqual(counts, [2n, 7n]);
  });

  it('come after a breakpoint at the same instruction', () => {
    const { machine, counts } = hooked(() => 'stop');
    machine.setBreakpoint(code + 6n);
    assert.deepEqual(machine.run(20), { kind: 'breakpoint' });
    assert.deepEqual(counts, []);
    assert.deepEqual(machine.run(20), { kind: 'hook' });
    assert.deepEqual(counts, [2n]);
    assert.deepEqual(machine.run(20), { kind: 'breakpoint' });
    machine.clearBreakpoint(code + 6n);
    assert.deepEqual(machine.run(20), { kind: 'hook' });
  });

  it('may change registers and the pc', () => {
    const { machine } = hooked((self, calls) => {
      self.writeX(5, 100n);
      if (calls === 1) self.pc = code + 10n;
      return 'continue';
    });
    machine.run(3);
    assert.equal(machine.memory.load(places.data, 8), 0n);
    assert.equal(machine.readX(9), 300n);
    machine.run(4);
    assert.equal(machine.memory.load(places.data, 8), 100n);
  });

  it('may write the instruction that they are at, which is then executed', () => {
    const machine = loopMachine();
    machine.setHook(code, () => {
      machine.memory.storeWord(code, encode('addi', { rd: 5, rs1: 5, immediate: 10 }));
      return 'continue';
    });
    machine.run(10);
    assert.equal(machine.readX(5), 20n);
  });

  it('cleared or replaced while they run take effect at once', () => {
    const { machine, counts } = hooked((self) => {
      self.clearHook(code + 6n);
      return 'continue';
    });
    machine.run(100);
    assert.deepEqual(counts, [2n]);
  });

  it('are not called when the budget ends before them', () => {
    const { machine, counts } = hooked(() => 'continue');
    machine.run(2);
    assert.deepEqual(counts, []);
    machine.run(1);
    assert.deepEqual(counts, [2n]);
  });

  it('are called again where they ask for that, before anything else happens', () => {
    const { machine, counts } = hooked((_, calls) => (calls % 3 === 0 ? 'continue' : 'again'));
    machine.run(10);
    assert.deepEqual(counts, [2n, 2n, 2n, 7n, 7n, 7n]);
  });
});
