import { argumentsOf } from '../../../program/frames/call-arguments';
import { FtraceError } from '../../ftrace-error';
import type { FtraceOps, OpsHit, TraceableFunction } from '../../ftrace-ops';
import { noFunctions, type ReadonlyFunctionSet } from '../../function-set';
import type { GraphReturn, GraphUser, GraphWork } from '../../graph/graph-user';
import type { ReturnRecorder } from '../../graph/native-graph';
import type { RecordSource } from '../../ops-registry';
import { resultOf } from './debug-types';
import { isNative, isNativeBehindReturn, type NativeEvent } from './native-fetch';
import { nativeFprobeReturn } from './native-fprobe-return';
import type { ProbeDefinition } from './probe-definition';
import { ProbeError } from './probe-error';
import { argumentRegisters, type Fire, type ProbeContext, type ProbePoint, placeText, sp, type TakeEvents } from './probe-point';

/** A function's entry or return through ftrace (kernel/trace/trace_fprobe.c). Throws FtraceError where the model has none. */
export function fprobePoint({ isReturn, place, placeAt }: ProbeDefinition, context: ProbeContext): ProbePoint {
  const { ftrace, symbols } = context;
  if (!ftrace.model.hasFprobe) {
    throw new FtraceError(
      'EINVAL',
      `${ftrace.model.kernels}, the model ${ftrace.model.name}, have no fprobes on RISC-V; choose the model call-ops`,
    );
  }
  const traced = ftrace.functions.find((each) => each.name === place);
  if (!traced) throw new ProbeError('Failed to register probe event', placeAt);
  const { program, registry, fgraph } = ftrace;
  let [user, ops]: [ReturnUser | undefined, FtraceOps | undefined] = [undefined, undefined];
  return {
    prefix: 'f',
    place: `${place}${isReturn ? '%return' : ''}`,
    fetch: {
      hasRegisters: false,
      hasArguments: true,
      argumentCount: argumentRegisters,
      hasSymbols: true,
      parameters: argumentsOf(program, traced.address),
      result: resultOf(program, traced.address),
    },
    show: (values) => placeText(values, symbols),
    canFetch: isReturn ? isNativeBehindReturn : isNative,
    canWalk: true,
    standsAt: registry.trampoline.addressOf(isReturn ? 'ftrace_return_to_handler' : 'fprobe_ftrace_entry'),
    record(event) {
      user?.record(event);
      if (!ops) return;
      if (event) ftrace.nativeFprobes.set(ops.group, event);
      registry.setNative(ops, event ? 'record' : 'callback');
      if (!event) ftrace.nativeFprobes.set(ops.group, undefined);
    },
    activate(fire, take) {
      if (isReturn) {
        user = new ReturnUser(traced, context, fire, take);
        registry.addSource(user.source);
        fgraph.register(user);
      } else {
        ops = entryOps(traced, context, fire);
        ops.takeRecords = take;
        registry.register(ops);
      }
    },
    deactivate() {
      if (user) {
        user.record(undefined);
        fgraph.unregister(user);
        registry.deleteSource(user.source);
      }
      if (ops) {
        registry.unregister(ops);
        registry.destroy(ops);
        ftrace.nativeFprobes.set(ops.group, undefined);
      }
      [user, ops] = [undefined, undefined];
    },
  };
}

function entryOps(traced: TraceableFunction, { ftrace: { registry, machine } }: ProbeContext, fire: Fire): FtraceOps {
  const callback = (hit: OpsHit) => {
    const words = new BigUint64Array(hit.regs.slice().buffer);
    const args = [...words.subarray(5, 13)];
    const moment = { memory: machine.memory, args, retval: undefined, sp: words[2]!, register: () => undefined };
    fire(moment, { __probe_ip: traced.ip });
    return 'continue' as const;
  };
  const ops = registry.create({ func: 'fprobe_ftrace_entry', callback });
  ops.filter = registry.setOf([traced]);
  return ops;
}

/** Gets the returns from one function, through the graph tracer. */
class ReturnUser implements GraphUser {
  readonly subops = { entry: 'fprobe_fgraph_entry', return: 'fprobe_return' } as const;
  readonly notrace = noFunctions;
  readonly filter: ReadonlyFunctionSet;
  readonly source: RecordSource;
  /** The event that the engine records, and how; undefined where each return is to be fired. */
  private recorded: NativeEvent | undefined;
  private recorder: ReturnRecorder | undefined;

  constructor(
    private readonly traced: TraceableFunction,
    private readonly context: ProbeContext,
    private readonly fire: Fire,
    take: TakeEvents,
  ) {
    this.filter = context.ftrace.registry.setOf([traced]);
    this.source = { group: 0, takeRecords: take };
  }

  /** Lets the engine record events, or with undefined has each return fired. */
  record(event: NativeEvent | undefined): void {
    if (event === this.recorded) return;
    const { registry, fgraph, machine } = this.context.ftrace;
    registry.settle();
    machine.recorder.freeGroup(this.source.group);
    const group = event ? machine.recorder.makeGroup() : 0;
    this.source.group = group;
    this.recorded = event;
    const { returnToHandler } = registry.trampoline;
    this.recorder = event && group !== 0 ? nativeFprobeReturn(group, event, this.traced.address, returnToHandler) : undefined;
    fgraph.updateWork();
  }

  get work(): GraphWork | undefined {
    const { recorder } = this;
    return recorder && { wants: true, entry: false, return: false, counts: false, limited: false, recorder };
  }

  entry(): boolean {
    return true;
  }

  return({ args, retval, ret, isLeft }: GraphReturn): void {
    if (isLeft) return;
    const { machine } = this.context.ftrace;
    const moment = { memory: machine.memory, args, retval, sp: machine.readX(sp), register: () => undefined };
    this.fire(moment, { __probe_func: this.traced.address, __probe_ret_ip: ret });
  }

  takeRecorded(): void {
    this.context.ftrace.registry.takeFrom(this.source);
  }
}
