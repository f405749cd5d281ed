import { decode } from '../../riscv/decode';
import type { Ftrace } from '../ftrace';
import { FtraceError } from '../ftrace-error';
import type { FtraceOps, OpsHit, TraceableFunction } from '../ftrace-ops';
import type { GraphUser } from '../graph/fgraph';
import type { Symbols } from '../output/symbols';
import { type FetchArgument, type FetchContext, type ProbeMoment, parseFetchArgument } from './fetch-argument';
import type { HookTable } from './hook-table';
import { type EventField, type EventTable, type FieldValue, type FieldValues, TraceEvent } from './trace-event';

type Kind = 'fprobe' | 'kprobe';

/** A probe that somebody has written: an event and what makes it happen. */
interface Probe {
  readonly kind: Kind;
  readonly event: TraceEvent;
  /** The line of `dynamic_events`. */
  readonly text: string;
  hits: number;
}

/** An error in a probe's text: what is wrong, and at which character. */
export class ProbeError extends FtraceError {
  constructor(
    message: string,
    readonly at: number,
    errno: 'EINVAL' | 'ENOENT' | 'EEXIST' | 'EBUSY' = 'EINVAL',
  ) {
    super(errno, message);
  }
}

export interface DynamicEventsContext {
  readonly ftrace: Ftrace;
  readonly events: EventTable;
  readonly symbols: Symbols;
  readonly hooks: HookTable;
  /** Return addresses of the hart's stack as it stands. */
  stack(): readonly bigint[];
  /** The number of a function's parameter of that name, by debug information. */
  parameter?(functionAddress: bigint, name: string): number | undefined;
}

interface Definition {
  readonly isReturn: boolean;
  readonly maxActive: number | undefined;
  readonly group: string;
  readonly name: string;
  readonly symbol: string;
  readonly words: readonly string[];
  readonly text: string;
  /** Where in the text the symbol is. */
  readonly symbolAt: number;
}

const usualMaxActive = 10;
const namePattern = /^[A-Za-z_]\w*$/;
const [a0, sp] = [10, 2];

/** `dynamic_events` and `kprobe_events`: fprobes and kprobes as events (kernel/trace/trace_fprobe.c, trace_kprobe.c). */
export class DynamicEvents {
  private probes: Probe[] = [];

  constructor(private readonly context: DynamicEventsContext) {}

  /** The lines of the file, of one kind or of all. */
  lines(kind?: Kind): readonly string[] {
    return this.probes.filter((each) => kind === undefined || each.kind === kind).map(({ text }) => text);
  }

  /** The lines of `kprobe_profile`. */
  get profile(): readonly string[] {
    return this.probes
      .filter(({ kind }) => kind === 'kprobe')
      .map(({ event, hits }) => `  ${event.name.padEnd(44)} ${String(hits).padStart(15)} ${'0'.padStart(15)}`);
  }

  /** `f...`, `p...` or `r...` makes a probe, `-:[GROUP/]EVENT` removes it. Throws ProbeError, or FtraceError (EBUSY, ENOENT). */
  change(text: string, only?: Kind): void {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) return;
    if (line.startsWith('-')) {
      this.remove(line, only);
      return;
    }
    const isFprobe = line.startsWith('f');
    if (isFprobe && only === 'kprobe') throw new ProbeError('Invalid probe type', 0);
    if (!/^[fpr]/.test(line)) throw new ProbeError('Invalid probe type', 0);
    if (isFprobe && !this.context.ftrace.model.hasFprobe) throw new FtraceError('EINVAL');
    const definition = parseDefinition(line, isFprobe ? 'fprobes' : 'kprobes');
    this.probes.push(isFprobe ? this.makeFprobe(definition) : this.makeKprobe(definition));
  }

  /** What `>` does: takes all away. Throws FtraceError (EBUSY) where one is in use. */
  clear(only?: Kind): void {
    const gone = this.probes.filter(({ kind }) => only === undefined || kind === only);
    if (gone.some(({ event }) => event.isUsed)) throw new FtraceError('EBUSY');
    for (const { event } of gone) this.context.events.delete(event);
    this.probes = this.probes.filter((each) => !gone.includes(each));
  }

  private remove(line: string, only: Kind | undefined): void {
    const [, group, name] = /^-:(?:(\w+)\/)?(\w*)/.exec(line) ?? [];
    const gone = this.probes.filter(
      ({ event, kind }) =>
        (only === undefined || kind === only) && (group === undefined || event.system === group) && (!name || event.name === name),
    );
    if (name === undefined || gone.length === 0) throw new FtraceError('ENOENT');
    if (gone.some(({ event }) => event.isUsed)) throw new FtraceError('EBUSY');
    for (const { event } of gone) this.context.events.delete(event);
    this.probes = this.probes.filter((each) => !gone.includes(each));
  }

  private makeFprobe(definition: Definition): Probe {
    const { ftrace, symbols } = this.context;
    const { isReturn, symbol, group, name } = definition;
    const traced = ftrace.functions.find((each) => each.name === symbol);
    if (!traced) throw new ProbeError('Failed to register probe event', definition.symbolAt);
    const args = this.arguments(definition, traced.address, false);
    const fire = (event: TraceEvent, moment: ProbeMoment, ret: bigint) =>
      this.fire(event, args, moment, isReturn ? { __probe_func: traced.address, __probe_ret_ip: ret } : { __probe_ip: traced.ip });
    const user = isReturn ? this.returnUser(traced, (moment, ret) => fire(event, moment, ret)) : undefined;
    const ops = isReturn ? undefined : this.entryOps(traced, (moment) => fire(event, moment, 0n));
    const text = `f:${group}/${name} ${symbol}${isReturn ? '%return' : ''}${wordsText(definition.words)}`;
    const event = this.makeEvent(definition, args, {
      head: isReturn ? returnHead : entryHead,
      place: (values) =>
        isReturn
          ? `(${symbols.withOffset(values.get('__probe_ret_ip') as bigint)} <- ${symbols.name(traced.address)})`
          : `(${symbols.withOffset(traced.ip)})`,
      activate: () => (user ? ftrace.fgraph.register(user) : ftrace.registry.register(ops!)),
      deactivate: () => (user ? ftrace.fgraph.unregister(user) : ftrace.registry.unregister(ops!)),
    });
    return this.add({ kind: 'fprobe', event, text, hits: 0 });
  }

  private entryOps(traced: TraceableFunction, fire: (moment: ProbeMoment) => void): FtraceOps {
    const { registry, machine } = this.context.ftrace;
    const ops = registry.create({
      func: 'fprobe_ftrace_entry',
      callback: (hit: OpsHit) => {
        const words = new BigUint64Array(hit.regs.slice().buffer);
        fire({ memory: machine.memory, args: [...words.subarray(5, 13)], retval: undefined, sp: words[2]!, register: () => undefined });
        return 'continue';
      },
    });
    ops.filter = new Set([traced]);
    return ops;
  }

  private returnUser(traced: TraceableFunction, fire: (moment: ProbeMoment, ret: bigint) => void): GraphUser {
    const { machine } = this.context.ftrace;
    return {
      filter: new Set([traced]),
      notrace: new Set(),
      subops: 'ent:fprobe_fgraph_entry ret:fprobe_return',
      entry: () => true,
      return: ({ args, retval, ret }) =>
        fire({ memory: machine.memory, args, retval, sp: machine.readX(sp), register: () => undefined }, ret),
    };
  }

  private makeKprobe(definition: Definition): Probe {
    const { ftrace, symbols, hooks } = this.context;
    const { isReturn, group, name, symbol, maxActive } = definition;
    const address = this.addressOf(definition);
    this.checkPlace(address, definition);
    const args = this.arguments(definition, address, !isReturn);
    const { machine } = ftrace;
    const moment = (retval?: bigint, saved?: readonly bigint[]): ProbeMoment => ({
      memory: machine.memory,
      args: saved ?? Array.from({ length: 8 }, (_, index) => machine.readX(a0 + index)),
      retval,
      sp: machine.readX(sp),
      register: (number) => machine.readX(number),
    });
    const count = () => {
      probe.hits++;
    };
    const onEntry = () => {
      count();
      this.fire(event, args, moment(), { __probe_ip: address });
    };
    const onCall = () =>
      this.watchReturn(moment(), maxActive ?? usualMaxActive, (retval, ret, saved) => {
        count();
        this.fire(event, args, moment(retval, saved), { __probe_func: address, __probe_ret_ip: ret });
      });
    const callback = isReturn ? onCall : onEntry;
    const kindText = isReturn ? `r${maxActive ?? usualMaxActive}` : 'p';
    const event: TraceEvent = this.makeEvent(definition, args, {
      head: isReturn ? returnHead : entryHead,
      place: (values) =>
        isReturn
          ? `(${symbols.withOffset(values.get('__probe_ret_ip') as bigint)} <- ${symbols.name(address)})`
          : `(${symbols.withOffset(address)})`,
      activate: () => hooks.add(address, callback),
      deactivate: () => hooks.delete(address, callback),
    });
    const probe = this.add({
      kind: 'kprobe',
      event,
      text: `${kindText}:${group}/${name} ${symbol}${wordsText(definition.words)}`,
      hits: 0,
    });
    return probe;
  }

  private activeReturns = 0;

  /** Waits at a call's return address for its return. */
  private watchReturn(entry: ProbeMoment, most: number, returned: (retval: bigint, ret: bigint, args: readonly bigint[]) => void): void {
    const { machine } = this.context.ftrace;
    if (this.activeReturns >= Math.max(most, 4096)) return;
    const stackPointer = machine.readX(sp);
    const ret = this.context.ftrace.trueReturn(machine.readX(1), stackPointer);
    const { hooks } = this.context;
    this.activeReturns++;
    const callback = () => {
      if (machine.readX(sp) < stackPointer) return;
      hooks.delete(ret, callback);
      this.activeReturns--;
      if (machine.readX(sp) === stackPointer) returned(machine.readX(a0), ret, entry.args);
    };
    hooks.add(ret, callback);
  }

  private addressOf({ symbol, symbolAt }: Definition): bigint {
    const [, base = '', offset] = /^([^+%]+)(?:\+(\w+))?$/.exec(symbol) ?? [];
    const address = /^0x/i.test(base) ? BigInt(/^0x[0-9a-f]+$/i.test(base) ? base : '0x0') : this.context.symbols.named(base);
    if (address === undefined || address === 0n) throw new ProbeError('Failed to register probe event', symbolAt);
    if (offset !== undefined && !/^(0x[0-9a-f]+|[0-9]+)$/i.test(offset)) throw new ProbeError('Invalid symbol offset', symbolAt);
    return address + BigInt(offset ?? '0');
  }

  /**
   * No probe stands on what ftrace patches (kernel/kprobes.c, `check_ftrace_location`), unless kprobes go through ftrace; and none in
   * the middle of an instruction.
   */
  private checkPlace(address: bigint, { symbolAt }: Definition): void {
    const { ftrace } = this.context;
    const isSite = ftrace.registry.functionOfIp(address) !== undefined;
    const failed = () => new ProbeError('Failed to register probe event', symbolAt);
    if (isSite && !ftrace.model.kprobesOnFtrace) throw failed();
    // What tracing itself runs is NOKPROBE.
    if (ftrace.trampoline.symbols.functionAt(address)) throw failed();
    const start = this.context.symbols.functionAt(address)?.address ?? address;
    for (let at = start; at < address; ) {
      const low = ftrace.machine.memory.load(at, 2);
      if (low === undefined) throw failed();
      at += (low & 3n) === 3n ? 4n : 2n;
      if (at > address) throw failed();
    }
    const word = ftrace.machine.memory.load(address, 4) ?? ftrace.machine.memory.load(address, 2);
    if (word === undefined || !decode(Number(word))) throw failed();
  }

  private arguments(definition: Definition, address: bigint, hasRegisters: boolean): readonly FetchArgument[] {
    const { symbols, ftrace, parameter } = this.context;
    const context: FetchContext = {
      symbols,
      programName: ftrace.program.name,
      isReturn: definition.isReturn,
      hasRegisters,
      parameter: parameter && ((name) => parameter(address, name)),
    };
    return definition.words.map((word, index) => {
      try {
        return parseFetchArgument(word, index, context);
      } catch (error) {
        if (error instanceof FtraceError) throw new ProbeError(error.message, definition.text.lastIndexOf(word));
        throw error;
      }
    });
  }

  private makeEvent(
    { group, name }: Definition,
    args: readonly FetchArgument[],
    {
      head,
      place,
      activate,
      deactivate,
    }: { head: typeof entryHead; place: (values: FieldValues) => string; activate: () => void; deactivate: () => void },
  ): TraceEvent {
    const { symbols } = this.context;
    const fields: EventField[] = [...head.fields];
    for (const { name: field, type, size, signed } of args) {
      const end = fields.at(-1)!.offset + fields.at(-1)!.size;
      fields.push({ name: field, type, size, signed, offset: Math.ceil(end / size) * size });
    }
    const formats = args.map((arg) => ` ${arg.name}=${arg.format}`).join('');
    const records = args.map((arg) => `, ${arg.type.startsWith('__data_loc') ? `__get_str(${arg.name})` : `REC->${arg.name}`}`).join('');
    return new TraceEvent({
      system: group,
      name,
      fields,
      printFormat: `"${head.format}${formats}", ${head.records}${records}`,
      payload: (values) => ({
        name,
        text: () => `${place(values)}${args.map((arg) => ` ${arg.name}=${arg.show(values.get(arg.name) ?? 0n, symbols)}`).join('')}`,
      }),
      activate,
      deactivate,
    });
  }

  private add(probe: Probe): Probe {
    this.context.events.add(probe.event);
    return probe;
  }

  private fire(event: TraceEvent, args: readonly FetchArgument[], moment: ProbeMoment, place: Record<string, bigint>): void {
    const values = new Map<string, FieldValue>(Object.entries(place));
    for (const arg of args) values.set(arg.name, arg.fetch(moment));
    event.fire(values, Object.values(place)[0]!, () => this.context.stack());
  }
}

const entryHead = {
  fields: [{ name: '__probe_ip', type: 'unsigned long', offset: 8, size: 8, signed: false }],
  format: '(%lx)',
  records: 'REC->__probe_ip',
};
const returnHead = {
  fields: [
    { name: '__probe_func', type: 'unsigned long', offset: 8, size: 8, signed: false },
    { name: '__probe_ret_ip', type: 'unsigned long', offset: 16, size: 8, signed: false },
  ],
  format: '(%lx <- %lx)',
  records: 'REC->__probe_func, REC->__probe_ret_ip',
};

function wordsText(words: readonly string[]): string {
  return words.map((word, index) => ` ${/^[A-Za-z_]\w*=/.test(word) ? word : `arg${index + 1}=${word}`}`).join('');
}

function parseDefinition(text: string, usualGroup: string): Definition {
  const [head = '', place = '', ...words] = text.split(/\s+/);
  const [, kind, active, label] = /^([fpr])([0-9]*)(?::(.*))?$/.exec(head) ?? [];
  if (kind === undefined) throw new ProbeError('Invalid probe type', 0);
  if (place === '') throw new ProbeError('Invalid probed address or symbol', head.length);
  const isReturn = kind === 'r' || place.endsWith('%return');
  const symbol = place.replace(/%return$/, '');
  const [group, name] = label?.includes('/') ? label.split('/') : [usualGroup, label];
  const event = name || eventNameOf(kind, symbol, isReturn);
  if (!namePattern.test(group!)) throw new ProbeError('Group name must follow the same rules as C identifiers', 2);
  if (!namePattern.test(event)) throw new ProbeError('Event name must follow the same rules as C identifiers', 2);
  return {
    isReturn,
    maxActive: active ? Number(active) : undefined,
    group: group!,
    name: event,
    symbol,
    words,
    text,
    symbolAt: text.indexOf(place, head.length),
  };
}

function eventNameOf(kind: string, symbol: string, isReturn: boolean): string {
  const base = symbol.replace(/\W/g, '_');
  if (kind === 'f') return `${base}__${isReturn ? 'exit' : 'entry'}`;
  return `${isReturn ? 'r' : 'p'}_${/\+/.test(symbol) ? base : `${base}_0`}`;
}
