import { LinuxError } from '../errno';
import { mostDescriptors } from '../files/file-table';
import { type OpenFile, OpenRegularFile } from '../files/open-file';
import { type CallArguments, int, type ProcessState, type SystemCall, unsignedInt } from '../process-state';
import { sleepUntilSignal, waitForEver } from './signal-calls';
import { timespecAt } from './time-calls';

export const pollCalls: Record<string, SystemCall> = { ppoll: poll, pselect6: select };

const POLLIN = 1;
const POLLOUT = 4;
const POLLNVAL = 0x20;

/** struct pollfd: the descriptor, what is asked and what is true. */
function poll(process: ProcessState, [address, count, timeAt]: CallArguments): ReturnType<SystemCall> {
  const { memory, files } = process;
  const number = unsignedInt(count);
  if (number > mostDescriptors) throw new LinuxError('EINVAL');
  const descriptors = memory.read(address, number * 8);
  const view = new DataView(descriptors.buffer);
  let ready = 0;
  for (let index = 0; index < number; index += 1) {
    const descriptor = view.getInt32(index * 8, true);
    const wanted = view.getInt16(index * 8 + 4, true);
    const found = descriptor < 0 ? 0 : files.has(descriptor) ? wanted & readinessOf(files.get(descriptor)) : POLLNVAL;
    view.setInt16(index * 8 + 6, found, true);
    if (found !== 0) ready += 1;
  }
  memory.write(address, descriptors);
  return ready > 0 ? ready : sleepOut(process, timeAt);
}

/** Three sets of descriptors, of which those that are ready stay. */
function select(process: ProcessState, [count, ...rest]: CallArguments): ReturnType<SystemCall> {
  const { memory, files } = process;
  const number = int(count);
  if (number < 0 || number > mostDescriptors) throw new LinuxError('EINVAL');
  const size = Math.ceil(number / 64) * 8;
  const asked = [POLLIN, POLLOUT, 0];
  let ready = 0;
  const sets = rest.slice(0, 3).map((address, which) => {
    if (address === 0n) return undefined;
    const bytes = memory.read(address, size);
    for (let descriptor = 0; descriptor < number; descriptor += 1) {
      const bit = 1 << (descriptor % 8);
      const at = descriptor >> 3;
      if ((bytes[at]! & bit) === 0) continue;
      if ((readinessOf(files.get(descriptor)) & asked[which]!) !== 0) ready += 1;
      else bytes[at]! &= ~bit;
    }
    return { address, bytes };
  });
  const result = ready > 0 ? ready : sleepOut(process, rest[3]!);
  if (typeof result === 'number') for (const set of sets) if (set) memory.write(set.address, set.bytes);
  return result;
}

/** Standard input counts as ready: reading it waits for what is typed. Files are ready for all (include/linux/poll.h, DEFAULT_POLLMASK). */
function readinessOf(file: OpenFile): number {
  if (file instanceof OpenRegularFile) return POLLIN | POLLOUT;
  return (file.readable && file.hasInput ? POLLIN : 0) | (file.writable ? POLLOUT : 0);
}

/** Nothing is ready, and nothing will be that a signal or the end of the time does not bring. */
function sleepOut(process: ProcessState, timeAt: bigint): ReturnType<SystemCall> {
  const time = timeAt === 0n ? undefined : timespecAt(process.memory, timeAt);
  const end = sleepUntilSignal(process, time);
  if (end === 'woken') throw new LinuxError('EINTR');
  return end === 'passed' ? 0 : waitForEver(process);
}
