import { dynamicRounding } from '../../riscv/rounding';
import { rounding } from '../float/routine-types';
import type { CodeAlignment } from '../interpreter/interpreter-emitter';
import { hartAt, type LinearMemory } from '../linear-memory';
import { type I32, i32, i64 } from '../wasm/expression';
import type { FunctionBody } from '../wasm/function-body';
import type { Step } from './control-flow';
import type { HartLocals } from './hart-locals';
import type { StoredValues } from './stored-values';

/** What a native hook is written with. */
export interface HookWriting {
  readonly body: FunctionBody;
  readonly hart: HartLocals;
  readonly memory: LinearMemory;
  readonly alignment: CodeAlignment;
  readonly stored: StoredValues;
  /** The fuel before the step that it stands before. */
  readonly fuel: I32;
  /** Leaves the region for the callback. */
  leave(): void;
}

const zero = i32.constant(0);

/** Writes what the native hook before a step does; where that settles nothing, what leaves for the callback, before anything is done. */
export function writeHook(
  { instruction, effects }: Step,
  { native, guesses }: NonNullable<Step['hook']>,
  { body, hart, memory, alignment, stored, fuel, leave }: HookWriting,
): void {
  body.block((settled) => {
    body.block((unsettled) => {
      if (alignment === 4 && instruction.meaning === 'jalr') {
        const target = i32.add(i32.wrap(hart.x(instruction.rs1)), i32.constant(instruction.immediate));
        body.branchIf(unsettled, i32.and(target, i32.constant(2)));
      }
      const { access } = effects;
      if (access && !access.displaced) body.branchIf(unsettled, i32.and(i32.wrap(hart.x(instruction.rs1)), i32.constant(access.size - 1)));
      if (instruction.roundingMode === dynamicRounding) {
        const mode = i32.shrU(i32.load(zero, hartAt.fcsr), i32.constant(5));
        body.branchIf(unsettled, i32.gtU(mode, i32.constant(rounding.nearestMaximum)));
      }
      native.write({
        body,
        memory,
        x: (register) => hart.x(register),
        setX: (register, value) => hart.setX(register, value),
        retired: i64.sub(i64.load(zero, hartAt.end), i64.extendU(fuel)),
        guess: (register) => guesses.get(register),
        stored: (register, offset) => stored.find(register, offset),
        leave: () => body.branch(unsettled),
      });
      body.branch(settled);
    });
    leave();
  });
}
