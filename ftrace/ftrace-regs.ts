import type { GuestMemory } from '../emulator/machine';

/** `struct ftrace_regs` as `ftrace_caller` saves it on the stack (arch/riscv/include/asm/ftrace.h, 6.10 to 6.15). */
export interface FtraceRegsField {
  readonly name: FtraceRegsName;
  /** Bytes from the start of the frame; every field has eight. */
  readonly offset: number;
  /** Whether what a tracer writes here is in force when the trampoline returns. */
  readonly takesEffect: boolean;
  /** What the field is and what writing it does, for people. */
  readonly description: string;
}

export type FtraceRegsName = 'epc' | 'ra' | 'sp' | 's0' | 't1' | `a${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;

export const ftraceRegsFields: readonly FtraceRegsField[] = [
  {
    name: 'epc',
    offset: 0,
    takesEffect: true,
    description: 'Where the function goes on: its address + 8. Written, it is the resume address.',
  },
  { name: 'ra', offset: 8, takesEffect: true, description: 'The return address into the caller. Written, the function returns there.' },
  {
    name: 'sp',
    offset: 16,
    takesEffect: false,
    description: 'The stack pointer at the call. The trampoline ignores what is written here.',
  },
  { name: 's0', offset: 24, takesEffect: true, description: 'The frame pointer of the caller. Written, the function sees it.' },
  {
    name: 't1',
    offset: 32,
    takesEffect: true,
    description: 'Zero. Written, the trampoline jumps there instead: a direct call, with t0 the resume address.',
  },
  ...([0, 1, 2, 3, 4, 5, 6, 7] as const).map(
    (index): FtraceRegsField => ({
      name: `a${index}`,
      offset: 40 + 8 * index,
      takesEffect: true,
      description: `Argument ${index}. Written, the function sees it.`,
    }),
  ),
];

/** Bytes of the struct: 13 fields of 8. */
export const ftraceRegsSize = 8 * ftraceRegsFields.length;

/** FREGS_SIZE_ON_STACK: what the trampoline takes of the stack, rounded up to its alignment of 16. */
export const ftraceRegsSizeOnStack = 112;

/** The values of a frame, unsigned. */
export type FtraceRegs = Readonly<Record<FtraceRegsName, bigint>>;

const fieldNamed = new Map(ftraceRegsFields.map((field) => [field.name as string, field]));

/** The frame at an address of the guest's stack; undefined where not all of it is mapped. */
export function readFtraceRegs(memory: GuestMemory, address: bigint): FtraceRegs | undefined {
  const bytes = memory.read(address, ftraceRegsSize);
  return bytes.length === ftraceRegsSize ? ftraceRegsOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.length)) : undefined;
}

/** Writes one field of the frame at an address. False where there is no such field or nothing is mapped. */
export function writeFtraceRegs(memory: GuestMemory, address: bigint, name: string, value: bigint): boolean {
  const field = fieldNamed.get(name);
  if (!field) return false;
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return memory.write(address + BigInt(field.offset), bytes) === bytes.length;
}

/** The values in the bytes of a struct ftrace_regs. */
export function ftraceRegsOf(frame: DataView): FtraceRegs {
  const values: Partial<Record<FtraceRegsName, bigint>> = {};
  for (const { name, offset } of ftraceRegsFields) values[name] = frame.getBigUint64(offset, true);
  return values as FtraceRegs;
}
