import { ProgramError } from '../../program-error';
import { At, Form } from './constants';
import type { Entry } from './entry';
import type { Unit } from './unit';

/** Code from `start` up to, not including, `end`. */
export interface CodeRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The code of an entry: one piece, or a list of them (DWARF 5, section 2.17). Empty where it has none. */
export function rangesOf(entry: Entry): readonly CodeRange[] {
  entry.codeRanges ??= readRangesOf(entry);
  return entry.codeRanges;
}

function readRangesOf(entry: Entry): readonly CodeRange[] {
  try {
    const raw = entry.raw(At.ranges);
    if (raw && typeof raw.value !== 'string' && !(raw.value instanceof Uint8Array))
      return readRanges(entry.unit, raw.form, Number(raw.value));
    const start = entry.address(At.low_pc);
    const end = entry.highPc;
    return start !== undefined && end !== undefined && end > start ? [{ start, end }] : [];
  } catch (error) {
    if (error instanceof ProgramError) return [];
    throw error;
  }
}

/** Whether the size of an entry's code is missing, as it is in what GCC splits from a program with GNU as for RISC-V. */
export function isWithoutSize(entry: Entry): boolean {
  return entry.unit.isSplit && entry.has(At.high_pc) && entry.highPc === entry.address(At.low_pc);
}

export function contains(ranges: readonly CodeRange[], address: bigint): boolean {
  return ranges.some(({ start, end }) => address >= start && address < end);
}

/** Ranges that one list may have. */
const mostRanges = 100_000;

function readRanges(unit: Unit, form: number, value: number): CodeRange[] {
  return unit.version >= 5 ? readRangeList(unit, form === Form.rnglistx ? listOffset(unit, value) : value) : readOldRanges(unit, value);
}

function listOffset(unit: Unit, index: number): number {
  const base = unit.root.number(At.rnglists_base) ?? (unit.offsetSize === 8 ? 20 : 12);
  const reader = unit.section('.debug_rnglists');
  if (!reader) throw new ProgramError('it refers to .debug_rnglists, which the file does not have');
  reader.seek(base + index * unit.offsetSize);
  return base + reader.offsetOf(unit.offsetSize);
}

/** Kinds of entries: DWARF 5, section 7.25. */
function readRangeList(unit: Unit, offset: number): CodeRange[] {
  const reader = unit.section('.debug_rnglists');
  if (!reader) return [];
  reader.seek(offset);
  const ranges: CodeRange[] = [];
  const add = (start: bigint, end: bigint) => {
    if (end > start) ranges.push({ start, end });
  };
  let base = unit.baseAddress;
  while (ranges.length < mostRanges) {
    const kind = reader.u8();
    switch (kind) {
      case 0x00:
        return ranges;
      case 0x01:
        base = unit.addressAt(reader.ulebAsNumber());
        break;
      case 0x02:
        add(unit.addressAt(reader.ulebAsNumber()), unit.addressAt(reader.ulebAsNumber()));
        break;
      case 0x03: {
        const start = unit.addressAt(reader.ulebAsNumber());
        add(start, start + reader.uleb());
        break;
      }
      case 0x04:
        add(base + reader.uleb(), base + reader.uleb());
        break;
      case 0x05:
        base = reader.address();
        break;
      case 0x06:
        add(reader.address(), reader.address());
        break;
      case 0x07: {
        const start = reader.address();
        add(start, start + reader.uleb());
        break;
      }
      default:
        throw reader.error(`the range list entry ${kind} is not known`);
    }
  }
  return ranges;
}

const baseSelection = (1n << 64n) - 1n;

function readOldRanges(unit: Unit, offset: number): CodeRange[] {
  const reader = unit.section('.debug_ranges');
  if (!reader) return [];
  // What is split has offsets from where its skeleton says.
  reader.seek(offset + (unit.isSplit ? (unit.linked.root.number(At.GNU_ranges_base) ?? 0) : 0));
  const ranges: CodeRange[] = [];
  let base = unit.baseAddress;
  while (ranges.length < mostRanges) {
    const start = reader.u64();
    const end = reader.u64();
    if (start === 0n && end === 0n) break;
    if (start === baseSelection) base = end;
    else if (end > start) ranges.push({ start: base + start, end: base + end });
  }
  return ranges;
}
