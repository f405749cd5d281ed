import type { DebugProtocol } from '@vscode/debugprotocol';
import type { GuestMemory } from '../emulator/machine';
import type { Changed } from './changed';
import * as errors from './errors';
import { hex, parseAddress } from './format';
import type { LaunchedProgram } from './launch';

/** Bytes of one answer at most; the rest counts as unread, and the editor asks again. */
const largestRead = 1 << 20;

export function readMemory(
  { debuggee }: LaunchedProgram,
  args: DebugProtocol.ReadMemoryArguments,
): NonNullable<DebugProtocol.ReadMemoryResponse['body']> {
  const address = addressOf(args);
  if (args.count < 0) throw errors.badArguments('readMemory', '"count" must not be negative');
  const count = Math.min(args.count, largestRead);
  const bytes = debuggee.machine.memory.read(address, count);
  const answer = { address: hex(address), data: Buffer.from(bytes).toString('base64') };
  const gap = bytes.length < count ? gapAfter(debuggee.machine.memory, address + BigInt(bytes.length), count - bytes.length) : 0;
  return gap > 0 ? { ...answer, unreadableBytes: gap } : answer;
}

export function writeMemory(
  { debuggee }: LaunchedProgram,
  args: DebugProtocol.WriteMemoryArguments,
): Changed<NonNullable<DebugProtocol.WriteMemoryResponse['body']>> {
  const address = addressOf(args);
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(args.data)) throw errors.badBase64();
  const bytes = new Uint8Array(Buffer.from(args.data, 'base64'));
  const { memory } = debuggee.machine;
  const mapped = memory.read(address, bytes.length).length;
  if (mapped < bytes.length && !args.allowPartial) throw errors.unreadable(address + BigInt(mapped));
  const bytesWritten = memory.write(address, bytes);
  debuggee.forgetStack();
  return { body: { bytesWritten }, areas: ['stacks'], memory: { address, size: bytesWritten } };
}

function addressOf({ memoryReference, offset = 0 }: { memoryReference: string; offset?: number }): bigint {
  const base = parseAddress(memoryReference);
  if (base === undefined) throw errors.badReference(memoryReference);
  return BigInt.asUintN(64, base + BigInt(offset));
}

/** How many bytes from there on are not mapped, up to `most`. */
function gapAfter(memory: GuestMemory, address: bigint, most: number): number {
  const end = address + BigInt(most);
  const next = memory.regions.map((region) => region.address).find((start) => start > address && start < end) ?? end;
  return Number(next - address);
}
