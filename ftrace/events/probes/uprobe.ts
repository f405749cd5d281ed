import type { Program } from '../../../program/program';
import { InstructionPoint } from './instruction-point';
import { isNative, isNativeBehindReturn } from './native-fetch';
import type { ProbeDefinition } from './probe-definition';
import { ProbeError } from './probe-error';
import type { ProbeContext, ProbePoint } from './probe-point';
import { ReturnPoint } from './return-point';

/** Where in an ELF-64 header and in a program header the fields are (the ELF specification). */
const elf = { tableOffset: 32, entrySize: 54, entryCount: 56, type: 0, fileOffset: 8, address: 16, fileSize: 32, load: 1 };

/** `PATH:OFFSET`: an instruction by its place in the program's file (kernel/trace/trace_uprobe.c). Throws ProbeError. */
export function uprobePoint({ isReturn, place, placeAt }: ProbeDefinition, context: ProbeContext): ProbePoint {
  const colon = place.lastIndexOf(':');
  const { program } = context.ftrace;
  const path = place.slice(0, colon);
  const offset = place.slice(colon + 1);
  if (colon < 0 || !path.startsWith('/')) throw new ProbeError('Failed to register probe event', placeAt, 'EINVAL');
  if (path.slice(path.lastIndexOf('/') + 1) !== program.name) throw new ProbeError('Failed to find the given file', placeAt, 'ENOENT');
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(offset)) throw new ProbeError('Invalid uprobe offset', placeAt + colon + 1);
  const address = addressAt(program, BigInt(offset));
  if (address === undefined) throw new ProbeError('Invalid uprobe offset', placeAt + colon + 1);
  const point = isReturn ? new ReturnPoint(context, address) : new InstructionPoint(context, address);
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  return {
    prefix: isReturn ? 'r' : 'p',
    place: `${path}:0x${BigInt(offset).toString(16).padStart(16, '0')}`,
    fetch: { hasRegisters: true, hasArguments: false, argumentCount: 0, hasSymbols: false, parameters: undefined, result: undefined },
    show: (values) => (isReturn ? `(${hex(values.__probe_ret_ip!)} <- ${hex(values.__probe_func!)})` : `(${hex(values.__probe_ip!)})`),
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

/** Where the byte at an offset of the file is loaded to be executed. */
function addressAt({ image, bias = 0n, segments }: Program, offset: bigint): bigint | undefined {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const [size, count] = [view.getUint16(elf.entrySize, true), view.getUint16(elf.entryCount, true)];
  for (let index = 0; index < count; index++) {
    const at = Number(view.getBigUint64(elf.tableOffset, true)) + index * size;
    if (at + size > image.length || view.getUint32(at + elf.type, true) !== elf.load) continue;
    const start = view.getBigUint64(at + elf.fileOffset, true);
    if (offset < start || offset >= start + view.getBigUint64(at + elf.fileSize, true)) continue;
    const address = view.getBigUint64(at + elf.address, true) + bias + offset - start;
    const isCode = segments.some(
      ({ permissions, address: first, size: length }) => permissions.execute && address >= first && address < first + length,
    );
    if (isCode) return address;
  }
  return undefined;
}
