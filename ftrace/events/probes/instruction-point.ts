import type { RecordSource } from '../../ops-registry';
import type { ProbeMoment } from './fetch-word';
import { type NativeEvent, nativeInstructionProbe, passedOverWord } from './native-fetch';
import { a0, argumentRegisters, type Fire, type ProbeContext, sp, type TakeEvents } from './probe-point';

/** An instruction whose execution makes an event. */
export class InstructionPoint {
  private fire: Fire | undefined;
  /** The event that the engine records, and where its records come from. */
  private recorded: NativeEvent | undefined;
  private source: RecordSource = { group: 0, takeRecords: undefined };
  private passedBefore = 0;

  constructor(
    private readonly context: ProbeContext,
    private readonly address: bigint,
  ) {}

  activate(fire: Fire, take: TakeEvents): void {
    this.fire = fire;
    this.source = { group: 0, takeRecords: take };
    // Of events at one place and moment, those of the source come first that was there first, as hooks do.
    this.context.ftrace.registry.addSource(this.source);
    this.context.hooks.add(this.address, this.reached);
  }

  deactivate(): void {
    this.record(undefined);
    this.context.ftrace.registry.deleteSource(this.source);
    this.context.hooks.delete(this.address, this.reached);
    this.fire = undefined;
  }

  /** Hits that the engine has passed over, as they do not pass the filter. */
  get passedOver(): number {
    const words = this.context.ftrace.machine.recorder.wordsOf(this.source.group);
    return this.passedBefore + Number(words[passedOverWord]);
  }

  /** Lets the engine record the events of an instruction while it is active, or with undefined has each fired. */
  record(event: NativeEvent | undefined): void {
    const { hooks, ftrace } = this.context;
    const { recorder } = ftrace.machine;
    if (event === this.recorded || !this.fire) return;
    ftrace.registry.settle();
    this.passedBefore = this.passedOver;
    recorder.freeGroup(this.source.group);
    const group = event ? recorder.makeGroup() : 0;
    this.recorded = group === 0 ? undefined : event;
    this.source.group = group;
    const walkFrom = event?.hasStack ? this.context.stacks.ruleAt(this.address) : undefined;
    const canRecord = this.recorded && !(event?.hasStack && walkFrom === undefined);
    const native = canRecord ? nativeInstructionProbe(group, this.recorded!, this.address, walkFrom) : undefined;
    hooks.setNative(this.address, this.reached, native);
  }

  private readonly reached = (): void => {
    this.fire?.(this.moment(), { __probe_ip: this.address });
  };

  private moment(): ProbeMoment {
    const { machine } = this.context.ftrace;
    return {
      memory: machine.memory,
      args: Array.from({ length: argumentRegisters }, (_, index) => machine.readX(a0 + index)),
      retval: undefined,
      sp: machine.readX(sp),
      register: (number) => machine.readX(number),
    };
  }
}
