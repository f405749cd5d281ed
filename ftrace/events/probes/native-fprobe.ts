import { GroupWriter } from '../../../emulator/recorder/hooks';
import { writeKeyLookup } from '../../../emulator/recorder/key-lookup';
import { writeOffset } from '../../../emulator/recorder/memory-checks';
import type { NativeHook } from '../../../emulator/recorder/native-hook';
import { entryField } from '../../../emulator/recorder/recorder-layout';
import { type StackWriter, walkRegisters, writeEntryCheck, writeStackWalkFrom } from '../../../emulator/recorder/stack-walk';
import { type I32, type I64, i32, i64 } from '../../../emulator/wasm/expression';
import { get } from '../../../emulator/wasm/function-body';
import type { FrameRule } from '../../../program/unwind/frame-rules';
import { deepest } from '../../call-stacks';
import type { FrameLayout } from '../../frame-layout';
import { nativeTracerId } from '../../native-tracers';
import type { OpsRegistry } from '../../ops-registry';
import { type NativeEvent, type ProbeRegisters, prepareEvent, requireRoomFor } from './native-fetch';

const [ra, sp, a0, a2, a3] = [1, 2, 10, 12, 13];
/** The frame of `arch_ftrace_ops_list_func`, where it is between trampoline and tracer (`trampolines/tracers.S`). */
const listFrame = { size: 48, ra: 40 } as const;
/** How a function's caller is found at its entry. */
const atEntry: FrameRule = { base: 'sp', distance: 0n, returnAddress: undefined, s0: undefined };

/** The fprobes whose events the engine records by itself, by the groups of their ops: `fprobe_ftrace_entry` for them. */
export class NativeFprobes {
  private readonly events = new Map<number, NativeEvent>();

  constructor(private readonly registry: OpsRegistry) {}

  /** From now on the calls of an ops with this group are such events; `undefined`, no more. Group 0 has none. */
  set(group: number, event: NativeEvent | undefined): void {
    if (group === 0 || this.events.get(group) === event) return;
    if (event) this.events.set(group, event);
    else this.events.delete(group);
    // What the engine has made of the hook before has to go.
    this.registry.makeNative('fprobe_ftrace_entry', nativeFprobe(this.registry.model.entries[0].frame, new Map(this.events)));
  }
}

function nativeFprobe(layout: FrameLayout, events: ReadonlyMap<number, NativeEvent>): NativeHook {
  return {
    reads: [ra, sp, a0, a2, a3],
    writes: [],
    write: (writing) => {
      const { body, memory, leave } = writing;
      const place = writeKeyLookup(writing, [a0, a2], leave);
      const number = body.hold(i32.load16U(place, entryField.group));
      const group = new GroupWriter(writing, number);
      body.block((done) => {
        group.requireAction([nativeTracerId('fprobe_ftrace_entry')!], done);
        const start = writing.x(a3);
        const frame = writeOffset(writing, start, layout.size, 'mapped');
        const field = (name: string): I64 => {
          const { offset } = layout.field(name)!;
          return writing.stored(a3, offset) ?? i64.load(frame, memory.windowAt + offset);
        };
        const registers: ProbeRegisters = {
          sp: field('sp'),
          argument: (index) => field(`a${index}`),
          register: (register) => {
            throw new Error(`x${register} is not known at an fprobe`);
          },
        };
        for (const [known, event] of events) {
          body.if(i32.eq(number, i32.constant(known)), () => {
            requireRoomFor(event, group);
            prepareEvent(writing, group, event, writing.x(a0), registers, { walk: walkFromTracer(field) })();
            body.branch(done);
          });
        }
        leave();
      });
    },
  };
}

/** The walk from the tracer: into the trampoline, at once or through the list of ops, to the function at its entry, and its callers. */
function walkFromTracer(field: (name: string) => I64): StackWriter {
  return (writing, store) => {
    const { body, memory, leave } = writing;
    const count = body.local('i32');
    const push = (pc: I64) => {
      store(get(count), pc);
      body.set(count, i32.add(get(count), i32.constant(1)));
    };
    body.set(count, i32.constant(0));
    push(writing.x(ra));
    body.if(i64.ne(writing.x(sp), writing.x(a3)), () => {
      const end = i64.add(writing.x(sp), i64.constant(listFrame.size));
      body.if(i64.ne(end, writing.x(a3)), leave);
      const saved = body.hold(i64.sub(writing.x(a3), i64.constant(listFrame.size - listFrame.ra)));
      push(i64.load(writeOffset(writing, saved, 8, 'mapped'), memory.windowAt));
    });
    const entry = body.hold(field('epc'));
    writeEntryCheck(writing, entry);
    push(entry);
    const registers: Readonly<Record<number, I64>> = {
      [walkRegisters.ra]: field('ra'),
      [walkRegisters.sp]: body.hold(field('sp')),
      [walkRegisters.s0]: field('s0'),
    };
    const atFunction = { ...writing, x: (register: number) => registers[register]! };
    const further = writeStackWalkFrom(atFunction, atEntry, deepest, (index: I32, pc) => store(i32.add(get(count), index), pc));
    body.set(count, i32.add(get(count), get(further)));
    return count;
  };
}
