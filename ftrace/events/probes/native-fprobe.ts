import { GroupWriter } from '../../../emulator/recorder/hooks';
import { writeKeyLookup } from '../../../emulator/recorder/key-lookup';
import { writeOffset } from '../../../emulator/recorder/memory-checks';
import type { NativeHook } from '../../../emulator/recorder/native-hook';
import { entryField } from '../../../emulator/recorder/recorder-layout';
import { type I64, i32, i64 } from '../../../emulator/wasm/expression';
import type { FrameLayout } from '../../frame-layout';
import { nativeTracerId } from '../../native-tracers';
import type { OpsRegistry } from '../../ops-registry';
import { recordSize } from '../../ring-buffer';
import { type NativeEvent, type ProbeRegisters, prepareEvent } from './native-fetch';

const [a0, a2, a3] = [10, 12, 13];

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
    reads: [a0, a2, a3],
    writes: [],
    write: (writing) => {
      const { body, memory, leave } = writing;
      const place = writeKeyLookup(writing, [a0, a2], leave);
      const number = body.hold(i32.load16U(place, entryField.group));
      const group = new GroupWriter(writing, number);
      body.block((done) => {
        group.requireAction([nativeTracerId('fprobe_ftrace_entry')!], done);
        group.requireRoom(recordSize);
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
            prepareEvent(writing, group, event, writing.x(a0), registers)();
            body.branch(done);
          });
        }
        leave();
      });
    },
  };
}
