import type { RecordSource } from '../../ops-registry';
import type { ProbeMoment } from './fetch-word';
import { type NativeEvent, nativeInstructionProbe, passedOverWord } from './native-fetch';
import { a0, argumentRegisters, type Fire, type ProbeContext, ra, sp, type TakeEvents } from './probe-point';

/** Calls that are waited for at once; a kernel too has only so many instances of a return probe. */
const mostActive = 4096;

/** An instruction whose execution makes an event, or whose function's return does. */
export class InstructionPoint {
  private fire: Fire | undefined;
  private take: TakeEvents | undefined;
  /** The event that the engine records, and where its records come from. */
  private recorded: NativeEvent | undefined;
  private source: RecordSource | undefined;
  private passedBefore = 0;
  private active = 0;

  constructor(
    private readonly context: ProbeContext,
    private readonly address: bigint,
    private readonly isReturn: boolean,
  ) {}

  activate(fire: Fire, take: TakeEvents): void {
    this.fire = fire;
    this.take = take;
    this.context.hooks.add(this.address, this.reached);
  }

  deactivate(): void {
    this.record(undefined);
    this.context.hooks.delete(this.address, this.reached);
    this.fire = this.take = undefined;
  }

  /** Hits that the engine has passed over, as they do not pass the filter. */
  get passedOver(): number {
    const words = this.source && this.context.ftrace.machine.recorder.wordsOf(this.source.group);
    return this.passedBefore + Number(words?.[passedOverWord] ?? 0n);
  }

  /** Lets the engine record the events of an instruction while it is active, or with undefined has each fired. */
  record(event: NativeEvent | undefined): void {
    const { hooks, ftrace } = this.context;
    const { recorder } = ftrace.machine;
    if (event === this.recorded || !this.fire) return;
    if (this.recorded) {
      hooks.setNative(this.address, this.reached, undefined);
      this.passedBefore = this.passedOver;
      ftrace.registry.deleteSource(this.source!);
      recorder.freeGroup(this.source!.group);
      this.recorded = this.source = undefined;
    }
    const group = event ? recorder.makeGroup() : 0;
    if (!event || group === 0) return;
    this.recorded = event;
    this.source = { group, takeRecords: (bytes, count) => this.take?.(bytes, count) };
    ftrace.registry.addSource(this.source);
    hooks.setNative(this.address, this.reached, nativeInstructionProbe(group, event, this.address));
  }

  private readonly reached = (): void => {
    if (this.isReturn) this.watchReturn();
    else this.fire?.(this.moment(), { __probe_ip: this.address });
  };

  private moment(retval?: bigint, args?: readonly bigint[]): ProbeMoment {
    const { machine } = this.context.ftrace;
    return {
      memory: machine.memory,
      args: args ?? Array.from({ length: argumentRegisters }, (_, index) => machine.readX(a0 + index)),
      retval,
      sp: machine.readX(sp),
      register: (number) => machine.readX(number),
    };
  }

  /** Waits at a call's return address for its return. */
  private watchReturn(): void {
    const { ftrace, hooks } = this.context;
    const { machine } = ftrace;
    if (this.active >= mostActive) return;
    const { args } = this.moment();
    const stackPointer = machine.readX(sp);
    const ret = ftrace.trueReturn(machine.readX(ra), stackPointer);
    this.active++;
    const returned = () => {
      if (machine.readX(sp) < stackPointer) return;
      hooks.delete(ret, returned);
      this.active--;
      if (machine.readX(sp) !== stackPointer) return;
      this.fire?.(this.moment(machine.readX(a0), args), { __probe_func: this.address, __probe_ret_ip: ret });
    };
    hooks.add(ret, returned);
  }
}
