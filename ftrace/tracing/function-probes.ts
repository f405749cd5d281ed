import { switchWord, unlimited } from '../../emulator/recorder/hooks';
import { matchFunctions } from '../filter-pattern';
import { FtraceError } from '../ftrace-error';
import type { FtraceOps, OpsHit, TraceableFunction } from '../ftrace-ops';
import { noFunctions } from '../function-set';
import type { GroupSwitch } from '../native-tracers';
import { longestLater, recordField } from '../record-layout';
import type { TraceInstance } from './trace-instance';

/** What a command does at a call, of which it is told by what the hart has or by the words of the engine's record; its count is taken down where it says it did something. */
type Action = (hit: OpsHit | BigUint64Array) => boolean;

interface Command {
  /** How `set_ftrace_filter` shows it between function and count. */
  readonly text: string;
  readonly hasCount: boolean;
  readonly act: Action;
  /** What it makes of `tracing_on`; undefined where nothing. */
  readonly switchesTo?: boolean;
  /** Whether it would do nothing now, whatever is called. */
  readonly isIdle?: () => boolean;
  /** Whether it does the same when the call is long over. */
  readonly canBeLate: () => boolean;
  /** Called when the first function has it, and when the last has lost it. */
  readonly attach?: () => void;
  readonly detach?: () => void;
}

interface Probe extends Command {
  readonly ops: FtraceOps;
  /** For each function how often it still acts; undefined has no limit. */
  readonly counts: Map<TraceableFunction, number | undefined>;
}

/** What commands reach beside their instance. */
export interface ProbeContext {
  /** `ftrace_dump`: prints the buffer to the kernel's log. */
  dump(instance: TraceInstance): void;
  /** Throws FtraceError (EINVAL) where there is no such event. */
  eventOf(system: string, event: string): SwitchedEvent;
}

/** An event, as far as commands turn it on and off. */
export interface SwitchedEvent {
  /** What may be switched has to know, as long as a command is there. */
  addSwitcher(switcher: { readonly instance: TraceInstance; readonly to: boolean }): void;
  deleteSwitcher(switcher: { readonly instance: TraceInstance; readonly to: boolean }): void;
  /** False where it is so already. */
  switch(instance: TraceInstance, on: boolean): boolean;
  mayBeSwitched(instance: TraceInstance, on: boolean): boolean;
  state(instance: TraceInstance): { readonly enabled: boolean };
}

/** The commands of an instance's `set_ftrace_filter`: `FUNCTION:COMMAND[:COUNT]` (kernel/trace/trace_functions.c). */
export class FunctionProbes {
  /** Newest first, as they are shown. */
  private probes: Probe[] = [];

  constructor(
    private readonly instance: TraceInstance,
    private readonly context: ProbeContext,
  ) {
    instance.registry.workWatchers.add(this.chooseWork);
    instance.switches.add(this.maySwitch);
    instance.fillers.add(this.lengths);
  }

  /** Adds or, after `!`, removes a command. Throws FtraceError: EINVAL where it is none or matches nothing, ENODEV where it is not there. */
  change(text: string): void {
    const removes = text.startsWith('!');
    const [pattern, name, ...parameters] = (removes ? text.slice(1) : text).split(':');
    const { command, count } = this.parse(name ?? '', parameters, removes);
    if (removes) this.remove(pattern!, command);
    else this.add(pattern!, command, count);
  }

  /** The lines of `set_ftrace_filter`. */
  get lines(): readonly string[] {
    return this.probes.flatMap(({ text, counts }) =>
      [...counts]
        .sort(([one], [other]) => (one.address < other.address ? -1 : 1))
        .map(([{ name }, count]) => `${name}:${text}:${count === undefined ? 'unlimited' : `count=${count}`}`),
    );
  }

  dispose(): void {
    this.instance.registry.workWatchers.delete(this.chooseWork);
    this.instance.switches.delete(this.maySwitch);
    this.instance.fillers.delete(this.lengths);
    for (const probe of this.probes) this.drop(probe);
    this.probes = [];
  }

  /** Leaves calls to the engine at which nothing is to be done, or at which it is enough to know later that they were. */
  private readonly chooseWork = (): void => {
    const { registry } = this.instance;
    for (const probe of this.probes) {
      const asked = probe.isIdle?.() ? [] : activeFunctions(probe);
      const isRecorded = asked.length > 0 && probe.canBeLate();
      const live = isRecorded && probe.switchesTo !== undefined ? this.instance.engineSwitch : undefined;
      const recording = live ? 'switch' : probe.text === 'stacktrace' ? 'record with stack' : 'record';
      const beyond = live ? asked.filter((each) => (probe.counts.get(each) ?? 0) >= unlimited) : [];
      const left = isRecorded ? (beyond.length === 0 ? noFunctions : registry.setOf(beyond)) : registry.setOf(asked);
      registry.setNative(probe.ops, isRecorded ? recording : 'nothing', left);
      if (live) this.share(probe, live);
    }
  };

  /** Tells the engine what a command switches, and how often it may at each function. */
  private share({ ops, counts, switchesTo }: Probe, { group, users }: GroupSwitch): void {
    const { registry, machine } = this.instance;
    const words = machine.recorder.wordsOf(ops.group);
    words[switchWord.group] = BigInt(group);
    words[switchWord.users] = BigInt(users);
    words[switchWord.off] = switchesTo ? 0n : BigInt(users);
    ops.marksOf = (each) => Math.min(counts.get(each) ?? unlimited, unlimited);
    registry.publishAll(ops);
  }

  private readonly maySwitch = (on: boolean): boolean =>
    this.probes.some((probe) => probe.switchesTo === on && probe.canBeLate() && activeFunctions(probe).length > 0);

  private readonly lengths = (): readonly number[] =>
    this.probes.flatMap((probe) => (probe.text === 'stacktrace' && activeFunctions(probe).length > 0 ? [longestLater] : []));

  private parse(name: string, parameters: readonly string[], removes: boolean): { command: Command; count: number | undefined } {
    const isEvent = name === 'enable_event' || name === 'disable_event';
    const parameter = isEvent ? parameters[2] : parameters[0];
    const isOnce = name === 'dump' || name === 'cpudump';
    const count = isOnce ? 1 : parameter === undefined || removes ? undefined : countOf(parameter);
    const hasCount = isOnce || parameter !== undefined;
    const text = isEvent ? `${name}:${parameters[0]}:${parameters[1]}` : name;
    const act = this.actionOf(name, parameters);
    return { command: { text, hasCount, act, ...this.timingOf(name, parameters) }, count };
  }

  private timingOf(name: string, [system = '', eventName = '']: readonly string[]): Omit<Command, 'text' | 'hasCount' | 'act'> {
    const { instance, context } = this;
    if (name === 'enable_event' || name === 'disable_event') {
      const to = name === 'enable_event';
      const event = context.eventOf(system, eventName);
      const switcher = { instance, to };
      return {
        isIdle: () => event.state(instance).enabled === to && !event.mayBeSwitched(instance, !to),
        canBeLate: () => true,
        attach: () => event.addSwitcher(switcher),
        detach: () => event.deleteSwitcher(switcher),
      };
    }
    if (name !== 'traceon' && name !== 'traceoff')
      return { canBeLate: () => name === 'snapshot' || (name === 'stacktrace' && instance.stacks !== undefined) };
    const on = name === 'traceon';
    return {
      switchesTo: on,
      isIdle: () => instance.isOn === on && !instance.mayBeSwitched(!on),
      // The graph tracer changes the return addresses of calls that it records: the engine has to know.
      canBeLate: () => instance.tracer !== 'function_graph' || instance.engineSwitch !== undefined,
    };
  }

  private actionOf(name: string, parameters: readonly string[]): Action {
    const instance = this.instance;
    const context = this.context;
    switch (name) {
      case 'traceon':
      case 'traceoff':
        return () => {
          const on = name === 'traceon';
          if (instance.isOn === on) return false;
          instance.isOn = on;
          return true;
        };
      case 'stacktrace':
        return (hit) => {
          if (hit instanceof BigUint64Array) instance.writeLateStack(hit);
          else instance.writeStack(hit);
          return true;
        };
      case 'snapshot':
        return () => {
          instance.takeSnapshot();
          return true;
        };
      case 'dump':
      case 'cpudump':
        return () => {
          context.dump(instance);
          return true;
        };
      case 'enable_event':
      case 'disable_event': {
        const event = context.eventOf(parameters[0] ?? '', parameters[1] ?? '');
        return () => event.switch(instance, name === 'enable_event');
      }
      default:
        throw new FtraceError('EINVAL');
    }
  }

  private add(pattern: string, command: Command, count: number | undefined): void {
    const matched = matchFunctions(pattern, this.instance.registry.functions);
    if (matched.length === 0) throw new FtraceError('EINVAL');
    const probe = this.find(command) ?? this.make(command);
    for (const each of matched) if (!probe.counts.has(each)) probe.counts.set(each, count);
    this.instance.registry.setFilter(probe.ops, this.instance.registry.setOf(probe.counts.keys()));
    if (!probe.ops.registered) this.instance.registry.register(probe.ops);
    this.countsChanged(probe);
    this.instance.changed();
  }

  private remove(pattern: string, command: Command): void {
    const probe = this.find(command);
    const matched = probe ? matchFunctions(pattern, [...probe.counts.keys()]) : [];
    if (!probe || matched.length === 0) throw new FtraceError('ENODEV');
    for (const each of matched) probe.counts.delete(each);
    this.countsChanged(probe);
    this.instance.registry.setFilter(probe.ops, this.instance.registry.setOf(probe.counts.keys()));
    if (probe.counts.size === 0) {
      this.drop(probe);
      this.probes = this.probes.filter((each) => each !== probe);
    }
    this.instance.changed();
  }

  private drop({ ops, detach }: Probe): void {
    detach?.();
    if (ops.registered) this.instance.registry.unregister(ops);
    this.instance.registry.destroy(ops);
  }

  private find({ text, hasCount }: Command): Probe | undefined {
    return this.probes.find((each) => each.text === text && each.hasCount === hasCount);
  }

  private make(command: Command): Probe {
    const counts = new Map<TraceableFunction, number | undefined>();
    const { registry } = this.instance;
    const callback = (hit: OpsHit) => {
      registry.settle();
      if (this.hit(probe, hit.function, hit) && probe.switchesTo !== undefined) this.chooseWork();
      return 'continue' as const;
    };
    const ops = registry.create({ func: 'function_trace_probe_call', callback });
    const probe: Probe = { ...command, ops, counts };
    ops.filter = noFunctions;
    ops.takeRecords = (bytes, size) =>
      registry.streams.addLate(bytes, size, (words) => {
        const called = registry.functionOfIp(words[recordField.ip / 8]!);
        if (called) this.hit(probe, called, words);
      });
    this.probes = [probe, ...this.probes];
    probe.attach?.();
    return probe;
  }

  /** Whether the command has done something. */
  private hit(probe: Probe, called: TraceableFunction, hit: OpsHit | BigUint64Array): boolean {
    const { counts, act } = probe;
    const count = counts.get(called);
    if (count === 0 || !act(hit)) return false;
    if (count === undefined) return true;
    counts.set(called, count - 1);
    if (count === 1) this.countsChanged(probe);
    return true;
  }

  private countsChanged({ switchesTo }: Probe): void {
    if (switchesTo === undefined) this.instance.registry.choose(this.chooseWork);
    else this.instance.switchesChanged();
  }
}

function activeFunctions({ counts }: Probe): readonly TraceableFunction[] {
  return [...counts].flatMap(([each, count]) => (count === 0 ? [] : [each]));
}

function countOf(text: string): number {
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) throw new FtraceError('EINVAL');
  return Number(text);
}
