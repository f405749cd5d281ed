import assert from 'node:assert/strict';
import { installVdso } from '../../../emulator/linux/signals/vdso';
import { vdsoProgram } from '../../../emulator/linux/signals/vdso-program';
import { RiscvMachine } from '../../../emulator/riscv-machine';

describe('The page that signal handlers return to', () => {
  const address = 0x2000n;
  const { memory } = new RiscvMachine({ base: 0x1000n, size: 0x4000, codePages: 1 });
  const returnTo = installVdso(memory, address);
  const program = vdsoProgram(address);

  it('holds what its source assembles to', () => {
    // Its other segment has the unwinding tables, which the program need not see.
    const { bytes } = program.segments.find((segment) => segment.address === address)!;
    assert.deepEqual([...memory.read(address, bytes.length)], [...bytes]);
  });

  it('is returned to one instruction behind its symbol, where unwinders find the symbol before the return address', () => {
    assert.equal(returnTo, program.symbols.named('__vdso_rt_sigreturn')!.address + 4n);
  });
});
