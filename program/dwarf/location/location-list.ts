import type { ByteReader } from '../../elf/byte-reader';
import { ProgramError } from '../../program-error';
import { At, Form } from '../entries/constants';
import type { Entry } from '../entries/entry';
import type { Unit } from '../entries/unit';

/**
 * The location expression of an attribute at an address: of a list, the one for that address (DWARF 5, section 2.6.2; version 4 too).
 * Undefined where there is none there; an empty one is optimised out. Throws ProgramError where the list is corrupt.
 */
export function expressionAt(entry: Entry, attribute: number, address: bigint): Uint8Array | undefined {
  const raw = entry.raw(attribute);
  if (!raw) return undefined;
  if (raw.value instanceof Uint8Array) return raw.value;
  if (typeof raw.value === 'string') return undefined;
  const { unit } = entry;
  const value = Number(raw.value);
  if (unit.version < 5) return findOld(unit, value, address);
  return find(unit, raw.form === Form.loclistx ? listOffset(unit, value) : value, address);
}

function listOffset(unit: Unit, index: number): number {
  const base = unit.root.number(At.loclists_base) ?? (unit.offsetSize === 8 ? 20 : 12);
  const reader = unit.section('.debug_loclists');
  if (!reader) throw new ProgramError('it refers to .debug_loclists, which the file does not have');
  reader.seek(base + index * unit.offsetSize);
  return base + reader.offsetOf(unit.offsetSize);
}

/** Entries that one list may have. */
const mostEntries = 100_000;

/** Kinds of entries: DWARF 5, section 7.7.3, and the view pairs of GCC, which concern no address. */
function find(unit: Unit, offset: number, address: bigint): Uint8Array | undefined {
  const reader = unit.section('.debug_loclists');
  if (!reader) return undefined;
  reader.seek(offset);
  let base = unit.baseAddress;
  let fallback: Uint8Array | undefined;
  for (let left = mostEntries; left > 0; left--) {
    let [start, end] = [0n, 0n];
    const kind = reader.u8();
    switch (kind) {
      case 0x00:
        return fallback;
      case 0x01:
        base = unit.addressAt(reader.ulebAsNumber());
        continue;
      case 0x02:
        [start, end] = [unit.addressAt(reader.ulebAsNumber()), unit.addressAt(reader.ulebAsNumber())];
        break;
      case 0x03:
        start = unit.addressAt(reader.ulebAsNumber());
        end = start + reader.uleb();
        break;
      case 0x04:
        [start, end] = [base + reader.uleb(), base + reader.uleb()];
        break;
      case 0x05:
        fallback = reader.slice(reader.ulebAsNumber());
        continue;
      case 0x06:
        base = reader.address();
        continue;
      case 0x07:
        [start, end] = [reader.address(), reader.address()];
        break;
      case 0x08:
        start = reader.address();
        end = start + reader.uleb();
        break;
      case 0x09:
        reader.skipLeb();
        reader.skipLeb();
        continue;
      default:
        throw reader.error(`the location list entry ${kind} is not known`);
    }
    const expression = reader.slice(reader.ulebAsNumber());
    if (address >= start && address < end) return expression;
  }
  return undefined;
}

const baseSelection = (1n << 64n) - 1n;

function findOld(unit: Unit, offset: number, address: bigint): Uint8Array | undefined {
  const reader = unit.section('.debug_loc');
  if (!reader) return undefined;
  reader.seek(offset);
  if (unit.isSplit) return findSplit(reader, unit, address);
  let base = unit.baseAddress;
  for (let left = mostEntries; left > 0; left--) {
    const start = reader.u64();
    const end = reader.u64();
    if (start === 0n && end === 0n) break;
    if (start === baseSelection) {
      base = end;
      continue;
    }
    const expression = reader.slice(reader.u16());
    if (address >= base + start && address < base + end) return expression;
  }
  return undefined;
}

/** Kinds of entries as GCC had them before DWARF 5 had its own (DebugFission, "Split DWARF location lists"). */
function findSplit(reader: ByteReader, unit: Unit, address: bigint): Uint8Array | undefined {
  let base = unit.baseAddress;
  for (let left = mostEntries; left > 0; left--) {
    const kind = reader.u8();
    let [start, end] = [0n, 0n];
    if (kind === 0) break;
    if (kind === 1) {
      base = unit.addressAt(reader.ulebAsNumber());
      continue;
    }
    if (kind === 2) [start, end] = [unit.addressAt(reader.ulebAsNumber()), unit.addressAt(reader.ulebAsNumber())];
    else if (kind === 3) {
      start = unit.addressAt(reader.ulebAsNumber());
      end = start + BigInt(reader.u32());
    } else if (kind === 4) [start, end] = [base + BigInt(reader.u32()), base + BigInt(reader.u32())];
    else throw reader.error(`the location list entry ${kind} is not known`);
    const expression = reader.slice(reader.u16());
    if (address >= start && address < end) return expression;
  }
  return undefined;
}
