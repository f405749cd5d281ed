import type { DebugProtocol } from '@vscode/debugprotocol';
import { disassembleWord } from '../riscv/disassemble';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { hex, parseAddress } from './format';
import type { LaunchedProgram } from './launch';

/** Instructions of one answer at most. */
const most = 10_000;

/** One place of a disassembly: an instruction, or bytes that are none. */
interface Place {
  readonly address: bigint;
  readonly length: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly valid: boolean;
}

export function disassemble(
  launched: LaunchedProgram,
  { memoryReference, offset = 0, instructionOffset = 0, instructionCount }: DebugProtocol.DisassembleArguments,
): NonNullable<DebugProtocol.DisassembleResponse['body']> {
  const base = parseAddress(memoryReference);
  if (base === undefined) throw errors.badReference(memoryReference);
  if (instructionCount < 0 || instructionCount > most || Math.abs(instructionOffset) > most) {
    throw errors.badArguments('disassemble', `it gives 0 to ${most} instructions at once, at most ${most} away`);
  }
  const start = BigInt.asUintN(64, base + BigInt(offset));
  const { debuggee } = launched;
  const places = instructionOffset < 0 ? placesBefore(debuggee, start, -instructionOffset).slice(0, instructionCount) : [];
  let address = start;
  for (let index = Math.min(instructionOffset, 0) + places.length; places.length < instructionCount; index++) {
    const place = placeAt(debuggee, address);
    if (index >= instructionOffset) places.push(place);
    address = BigInt.asUintN(64, address + BigInt(place.length));
  }
  return { instructions: describe(launched, places) };
}

/** The instruction at an address; where nothing can be read, an invalid place of two bytes. */
export function placeAt({ machine, code }: Debuggee, address: bigint): Place {
  const bytes = machine.memory.read(address, 4);
  if (bytes.length < 2 || (bytes.length < 4 && (bytes[0]! & 3) === 3)) {
    return { address, length: 2, text: bytes.length < 2 ? '(unreadable)' : '(cut off)', bytes: new Uint8Array(0), valid: false };
  }
  const word = new DataView(Uint8Array.of(...bytes, 0, 0).buffer).getUint32(0, true);
  const { text, length } = disassembleWord(word, address, { symbolAt: (target) => code.describe(target)?.slice(1, -1) });
  return { address, length, text: text.replace('\t', ' '), bytes: bytes.slice(0, length), valid: true };
}

/**
 * The places before an address. Instructions have two sizes, so they are found forwards: from the start of the function, which
 * is known to be one, or else from far enough back that the decoding has come into step.
 */
function placesBefore(debuggee: Debuggee, end: bigint, count: number): Place[] {
  const before: Place[] = [];
  for (let limit = end; before.length < count; ) {
    const piece = pieceBefore(debuggee, limit);
    before.unshift(...piece);
    limit = piece[0]!.address;
  }
  return before.slice(-count);
}

function pieceBefore(debuggee: Debuggee, end: bigint): Place[] {
  if (end === 0n) return [{ ...unreadable, address: BigInt.asUintN(64, end - 2n) }];
  const inside = debuggee.code.functionAt(end - 1n)?.address;
  for (const start of inside !== undefined && inside < end ? [inside] : candidates(end)) {
    const places: Place[] = [];
    let address = start;
    while (address < end) {
      const place = placeAt(debuggee, address);
      places.push(place);
      address += BigInt(place.length);
    }
    if (address === end) return places;
  }
  return [placeAt(debuggee, end - 2n)].map((place) => (place.length === 2 ? place : { ...unreadable, address: end - 2n }));
}

function candidates(end: bigint): bigint[] {
  return [4n, 2n].filter((back) => back <= end).map((back) => end - back);
}

const unreadable = { length: 2, text: '(no instruction)', bytes: new Uint8Array(0), valid: false } as const;

function describe({ debuggee: { code }, sources }: LaunchedProgram, places: readonly Place[]): DebugProtocol.DisassembledInstruction[] {
  let lastLine: string | undefined;
  return places.map(({ address, text, bytes, valid }) => {
    const symbol = code.describe(address)?.slice(1, -1);
    const row = valid ? code.lineAt(address)?.row : undefined;
    const line = row && `${row.path}:${row.line}`;
    const isNew = line !== undefined && line !== lastLine;
    lastLine = line;
    return {
      address: hex(address),
      instruction: text,
      ...(bytes.length > 0 ? { instructionBytes: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ') } : {}),
      ...(valid && symbol !== undefined ? { symbol } : {}),
      ...(isNew ? { location: sources.toClient(row!.path), line: row!.line } : {}),
      ...(valid ? {} : { presentationHint: 'invalid' as const }),
    };
  });
}
