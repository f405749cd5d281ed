import type { GuestMemory } from '../emulator/machine';
import type { FrameLayout } from './frame-layout';

export type FtraceRegsName = 'epc' | 'ra' | 'sp' | 's0' | 't1' | `a${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;

/** The registers that are live at a function's entry, in the order of struct ftrace_regs: what a trace record keeps of a frame. */
export const ftraceRegsNames: readonly FtraceRegsName[] = [
  'epc',
  'ra',
  'sp',
  's0',
  't1',
  ...([0, 1, 2, 3, 4, 5, 6, 7] as const).map((index) => `a${index}` as const),
];

/** Bytes of those registers: 13 of 8. */
export const ftraceRegsSize = 8 * ftraceRegsNames.length;

/** The values of a frame, unsigned. */
export type FtraceRegs = Readonly<Record<FtraceRegsName, bigint>>;

/** The values in the bytes of a record. */
export function ftraceRegsOf(bytes: DataView): FtraceRegs {
  const values: Partial<Record<FtraceRegsName, bigint>> = {};
  ftraceRegsNames.forEach((name, index) => {
    values[name] = bytes.getBigUint64(8 * index, true);
  });
  return values as FtraceRegs;
}

/** Reads the frames of one layout, into bytes of its own that are overwritten by the next. */
export class FrameReader {
  private readonly frame: Uint8Array;
  private readonly values: BigUint64Array;
  private readonly words: BigUint64Array;
  readonly bytes: Uint8Array;
  /** For each register of a record the index of its word in the frame. */
  private readonly indexes: readonly number[];

  constructor(
    private readonly memory: Pick<GuestMemory, 'readInto'>,
    readonly layout: FrameLayout,
  ) {
    this.frame = new Uint8Array(layout.size);
    this.values = new BigUint64Array(this.frame.buffer);
    this.bytes = new Uint8Array(ftraceRegsSize);
    this.words = new BigUint64Array(this.bytes.buffer);
    this.indexes = ftraceRegsNames.map((name) => (layout.field(name)?.kept ? layout.field(name)!.offset >> 3 : -1));
  }

  /** Whether all of the frame at that address is mapped; `bytes` then hold its record. */
  read(address: bigint): boolean {
    if (this.memory.readInto(address, this.frame) < this.frame.length) return false;
    this.indexes.forEach((at, index) => {
      this.words[index] = at < 0 ? 0n : this.values[at]!;
    });
    if (!this.layout.keepsCallerSp) this.words[2] = address + BigInt(this.layout.sizeOnStack);
    return true;
  }
}

/** The canonical registers of the frame at an address of the guest's stack; undefined where not all of it is mapped. */
export function readFtraceRegs(memory: Pick<GuestMemory, 'readInto'>, layout: FrameLayout, address: bigint): FtraceRegs | undefined {
  const reader = new FrameReader(memory, layout);
  return reader.read(address) ? ftraceRegsOf(new DataView(reader.bytes.buffer)) : undefined;
}
