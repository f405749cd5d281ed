import { argumentsOf } from '../../../program/frames/call-arguments';
import { decode } from '../../../riscv/decode';
import { resultOf } from './debug-types';
import { InstructionPoint } from './instruction-point';
import { isNative, isNativeBehindReturn } from './native-fetch';
import type { ProbeDefinition } from './probe-definition';
import { ProbeError } from './probe-error';
import { argumentRegisters, type ProbeContext, type ProbePoint, placeText } from './probe-point';
import { ReturnPoint } from './return-point';

const usualMaxActive = 10;

/** An instruction, or with `r` the return of a function (kernel/trace/trace_kprobe.c). Throws ProbeError. */
export function kprobePoint(definition: ProbeDefinition, context: ProbeContext): ProbePoint {
  const { ftrace, symbols } = context;
  const { isReturn, place, placeAt, maxActive } = definition;
  const address = addressOf(definition, context);
  const symbol = symbols.functionAt(address);
  const isEntry = symbol?.address === address;
  if (isReturn && !isEntry) throw new ProbeError('Retprobe address must be an function entry', placeAt);
  checkPlace(address, placeAt, context);
  const point = isReturn ? new ReturnPoint(context, address) : new InstructionPoint(context, address);
  return {
    prefix: isReturn ? `r${maxActive ?? usualMaxActive}` : 'p',
    place,
    fetch: {
      hasRegisters: !isReturn,
      hasArguments: isEntry,
      argumentCount: argumentRegisters,
      hasSymbols: true,
      parameters: isEntry ? argumentsOf(ftrace.program, address) : undefined,
      result: resultOf(ftrace.program, address),
    },
    show: (values) => placeText(values, symbols),
    canFetch: isReturn ? isNativeBehindReturn : isNative,
    canWalk: true,
    record: (event) => point.record(event),
    get passedOver() {
      return point.passedOver;
    },
    activate: (fire, take) => point.activate(fire, take),
    deactivate: () => point.deactivate(),
  };
}

function addressOf({ place, placeAt }: ProbeDefinition, { symbols }: ProbeContext): bigint {
  const [, base = '', sign, offset] = /^([^+-]+)(?:([+-])(.*))?$/.exec(place) ?? [];
  if (/^0x/i.test(base)) {
    if (!/^0x[0-9a-f]+$/i.test(base) || sign !== undefined) throw new ProbeError('Invalid probed address or symbol', placeAt);
    return BigInt(base);
  }
  if (offset !== undefined && (sign === '-' || !/^(0x[0-9a-f]+|[0-9]+)$/i.test(offset))) {
    throw new ProbeError('Invalid probed address or symbol', placeAt);
  }
  const address = symbols.named(base);
  if (address === undefined) throw new ProbeError('Invalid probed address or symbol', placeAt);
  return address + BigInt(offset ?? '0');
}

/**
 * No probe stands on what ftrace patches (kernel/kprobes.c, `check_ftrace_location`), unless kprobes go through ftrace; and none in
 * the middle of an instruction.
 */
function checkPlace(address: bigint, placeAt: number, { ftrace, symbols }: ProbeContext): void {
  const { memory } = ftrace.machine;
  const failed = () => new ProbeError('Failed to register probe event', placeAt);
  if (ftrace.registry.functionOfIp(address) !== undefined && !ftrace.model.kprobesOnFtrace) throw failed();
  // What tracing itself runs is NOKPROBE.
  if (ftrace.trampoline.symbols.functionAt(address)) throw failed();
  const start = symbols.functionAt(address)?.address ?? address;
  for (let at = start; at < address; ) {
    const low = memory.load(at, 2);
    if (low === undefined) throw failed();
    at += (low & 3n) === 3n ? 4n : 2n;
    if (at > address) throw new ProbeError('Probe point is not an instruction boundary', placeAt);
  }
  const word = memory.load(address, 4) ?? memory.load(address, 2);
  if (word === undefined || !decode(Number(word))) throw failed();
}
