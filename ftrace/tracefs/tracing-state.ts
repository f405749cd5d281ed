import { CallStacks } from '../call-stacks';
import { ExceptionEvents } from '../events/exception-events';
import { DynamicEvents } from '../events/probes/dynamic-events';
import { SyntheticEvents } from '../events/synthetic-events';
import { SystemCallEvents } from '../events/system-call-events';
import { EventTable } from '../events/trace-event';
import type { Ftrace } from '../ftrace';
import { FtraceError } from '../ftrace-error';
import type { HookTable } from '../hook-table';
import { GraphText } from '../output/graph-text';
import { Symbols } from '../output/symbols';
import { comm, secondsOf } from '../output/task';
import { type ArgumentsOf, type ReturnOf, TraceText } from '../output/trace-text';
import type { RingBuffer, TraceRecord } from '../ring-buffer';
import { FunctionProbes } from '../tracing/function-probes';
import type { TraceInstance } from '../tracing/trace-instance';
import { TraceOptions } from '../tracing/trace-options';
import { FunctionProfiler } from './function-profiler';
import { StackTracer } from './stack-tracer';

/** What debug information knows of a program's functions, where somebody gives it. */
export interface FunctionTypes {
  /** The arguments of a call as `n=5, p=0x10`. */
  readonly argumentsOf?: ArgumentsOf;
  /** What a call returned, by the value of a0, as `(int) 5`. */
  readonly returnOf?: ReturnOf;
}

/** What the files of tracefs read and write: the instances with their commands, the events, the kernel's log. */
export class TracingState {
  readonly instances = new Map<string, TraceInstance>();
  readonly probes = new Map<TraceInstance, FunctionProbes>();
  readonly events: EventTable;
  readonly dynamicEvents: DynamicEvents;
  readonly symbols: Symbols;
  readonly profiler: FunctionProfiler;
  readonly stackTracer: StackTracer;
  readonly hooks: HookTable;
  readonly systemCalls: SystemCallEvents;
  readonly exceptions: ExceptionEvents;
  readonly synthetic: SyntheticEvents;
  private readonly stacks: CallStacks;
  /** The texts of `error_log`, oldest first. */
  errors: string[] = [];
  /** `saved_cmdlines_size`. */
  savedTasks = 128;

  constructor(
    readonly ftrace: Ftrace,
    readonly types: FunctionTypes = {},
  ) {
    const { program, trampoline, machine } = ftrace;
    this.stacks = new CallStacks(machine, program, ftrace.registry.trampoline, ftrace.model, (address, sp) =>
      ftrace.trueReturn(address, sp),
    );
    this.events = new EventTable(comm(program.name));
    this.events.onUpdate = () => {
      for (const changed of ftrace.registry.workWatchers) changed();
    };
    const call = trampoline.symbols.named('ftrace_call');
    const caller = trampoline.symbols.named('ftrace_caller')!;
    const called = call && { ...call, size: caller.address + caller.size - call.address, kind: 'function' as const };
    this.symbols = new Symbols([program, trampoline], called ? [called] : []);
    this.hooks = ftrace.registry.hooks;
    const { events, symbols, hooks } = this;
    this.dynamicEvents = new DynamicEvents({ ftrace, events, symbols, hooks, stacks: this.stacks });
    this.systemCalls = new SystemCallEvents(this.events, machine.memory, this.isOld, () => this.stack());
    this.exceptions = new ExceptionEvents(events, symbols, () => this.stack());
    this.synthetic = new SyntheticEvents(events);
    this.profiler = new FunctionProfiler(ftrace);
    this.stackTracer = new StackTracer(ftrace, () => this.stackPointers());
    this.adopt(ftrace.top);
  }

  get top(): TraceInstance {
    return this.ftrace.top;
  }

  /** Kernels up to 6.12 differ in some texts. */
  get isOld(): boolean {
    return this.ftrace.model.name !== 'call-ops';
  }

  get now(): bigint {
    return this.ftrace.machine.instret;
  }

  printk(message: string): void {
    for (const line of message.split('\n')) this.ftrace.printk(`[${secondsOf(this.now)}] ${line}`);
  }

  /** `mkdir instances/NAME`. Throws FtraceError (EEXIST). */
  makeInstance(name: string): TraceInstance {
    if (this.instances.has(name)) throw new FtraceError('EEXIST');
    const instance = this.ftrace.makeInstance(name);
    this.instances.set(name, instance);
    this.adopt(instance);
    return instance;
  }

  /** `rmdir instances/NAME`. Throws FtraceError (ENOENT). */
  removeInstance(name: string): void {
    const instance = this.instances.get(name);
    if (!instance) throw new FtraceError('ENOENT');
    this.probes.get(instance)?.dispose();
    this.probes.delete(instance);
    for (const event of this.events.all) event.forget(instance);
    instance.dispose();
    this.instances.delete(name);
  }

  /** The text of a buffer as the instance's tracer and options have it. */
  text(instance: TraceInstance, buffer: RingBuffer = instance.buffer, { header = true, from = 0 } = {}): string {
    const lines = [...this.lines(instance, buffer, header, from)];
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  }

  traceText(instance: TraceInstance, options = instance.options): TraceText {
    const { program, model } = this.ftrace;
    const { symbols, types } = this;
    const { clock, startTime } = instance;
    const preemption = this.isOld ? 'desktop' : 'PREEMPTLAZY';
    return new TraceText({ program, options, symbols, release: model.release, preemption, clock, startTime, types });
  }

  *lines(instance: TraceInstance, buffer: RingBuffer, header: boolean, from = 0): Generator<string> {
    if (header) yield* this.header(instance, buffer);
    for (const { text } of this.numberedLines(instance, buffer, from)) yield text;
  }

  /** The lines of the records, each with the number of the record it begins with. */
  *numberedLines(instance: TraceInstance, buffer: RingBuffer, from = 0): Generator<{ number: number; text: string }> {
    const text = this.traceText(instance);
    if (instance.tracer === 'function_graph') {
      yield* this.graphText(text, instance).lines(buffer, from);
      return;
    }
    let waiting: TraceRecord | undefined;
    for (const record of buffer.from(from)) {
      if (waiting) yield { number: waiting.number, text: text.line(waiting, record) };
      waiting = record;
    }
    if (waiting) yield { number: waiting.number, text: text.line(waiting) };
  }

  private header(instance: TraceInstance, buffer: RingBuffer): readonly string[] {
    const text = this.traceText(instance);
    return instance.tracer === 'function_graph' ? this.graphText(text, instance).header() : text.header(buffer, instance.tracer);
  }

  private graphText(text: TraceText, { options }: TraceInstance): GraphText {
    return new GraphText(text, options, this.ftrace.program.name, this.isOld);
  }

  /** `ftrace_dump`: the buffer to the kernel's log, and tracing off. */
  dump(instance: TraceInstance): void {
    const options = new TraceOptions();
    options.set('latency-format', true);
    const text = this.traceText(instance, options);
    instance.isOn = false;
    this.printk('Dumping ftrace buffer:');
    this.printk('---------------------------------');
    for (let record = instance.buffer.consume(); record; record = instance.buffer.consume()) this.printk(text.line(record));
    this.printk('---------------------------------');
  }

  logError(place: string, message: string, command: string, at: number): void {
    this.errors.push(`[${secondsOf(this.now)}] ${place}: error: ${message}\n  Command: ${command}\n           ${' '.repeat(at)}^\n`);
    if (this.errors.length > 8) this.errors.shift();
  }

  /** Return addresses of the guest's stack as it stands, the innermost first. */
  stack(): readonly bigint[] {
    return this.stacks.pcs;
  }

  private stackPointers(): readonly { pc: bigint; sp: bigint }[] {
    return this.stacks.frames().map(({ pc, x }) => ({ pc, sp: x[2] ?? 0n }));
  }

  private adopt(instance: TraceInstance): void {
    const mayBeSwitched = (on: boolean) =>
      this.events.all.some((event) => event.triggersOf(instance).some((trigger) => trigger.tracing?.to === on));
    instance.switches.add(mayBeSwitched);
    instance.fillers.add(() => this.dynamicEvents.lengthsIn(instance));
    instance.stacks = this.stacks;
    this.probes.set(
      instance,
      new FunctionProbes(instance, {
        dump: (each) => this.dump(each),
        eventOf: (system, name) => {
          const event = this.events.find(system, name);
          if (!event) throw new FtraceError('EINVAL');
          return event;
        },
      }),
    );
  }
}
