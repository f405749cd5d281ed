import type { Instruction } from '../../riscv/instruction';
import type { CodeAlignment } from '../interpreter/interpreter-emitter';
import { hartAt, type LinearMemory } from '../linear-memory';
import { call, i32, i64 } from '../wasm/expression';
import { type FunctionBody, get } from '../wasm/function-body';
import { regionExit } from './region-interface';

/** The `jalr x0` at an offset of the guest's window that a native hook stands before. */
interface Hooked {
  readonly offset: number;
  readonly instruction: Instruction;
  readonly memory: LinearMemory;
  /** Where instructions begin: the interpreter traps at a jump to elsewhere, once the hook's callback has run. */
  readonly alignment: CodeAlignment;
}

const zero = i32.constant(0);
const fuel = get({ type: 'i32', index: 0 } as const);
/** The hook's function, which the module imports. */
const hookIndex = 0;

/** Writes the region of a native hook: the hook's function, and then the return before which it stands. */
export function writeHookRegion(body: FunctionBody, { offset, instruction, memory, alignment }: Hooked): void {
  const address = memory.addressOf(offset);
  const leave = (why: number) => {
    body.store(zero, i32.constant(why), hartAt.regionExit);
    body.return(i64.constant(address + 1n), fuel);
  };
  body.if(i32.ltS(fuel, i32.constant(1)), () => leave(regionExit.fuel));
  const target = i64.add(i64.load(zero, hartAt.x + 8 * instruction.rs1), i64.constant(BigInt(instruction.immediate)));
  if (alignment === 4) body.if(i32.and(i32.wrap(target), i32.constant(2)), () => leave(regionExit.hook));
  const retired = i64.sub(i64.load(zero, hartAt.end), i64.extendU(fuel));
  body.if(call('i32', hookIndex, retired), () => leave(regionExit.hook));
  body.store(zero, i32.constant(offset), hartAt.jumpFrom);
  body.return(i64.and(target, i64.constant(-2n)), i32.sub(fuel, i32.constant(1)));
}
