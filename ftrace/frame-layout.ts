import type { GuestMemory } from '../emulator/machine';

/** A register in the frame that a trampoline saves. */
export interface FrameField {
  readonly name: string;
  /** Bytes from the start of the frame; every field has eight. */
  readonly offset: number;
  /** The trampoline stores it: what is read there is a register, and not what the stack held before. */
  readonly kept: boolean;
  /** What a tracer writes here is in force when the trampoline returns. */
  readonly takesEffect: boolean;
  /** What the field is and what writing it does, for people. */
  readonly description: string;
}

/** The struct that a trampoline saves on the stack and gives the tracer. */
export interface FrameLayout {
  /** Its C type. */
  readonly type: 'pt_regs' | 'ftrace_regs';
  readonly fields: readonly FrameField[];
  /** Bytes of the struct. */
  readonly size: number;
  /** What the trampoline takes of the stack, a multiple of its alignment of 16. */
  readonly sizeOnStack: number;
  /** Whether its `sp` is the caller's; `ftrace_regs_caller` stores its own, and its `ftrace_caller` none. */
  readonly keepsCallerSp: boolean;
  field(name: string): FrameField | undefined;
}

/** Values of a frame by field name, unsigned. */
export type FrameValues = ReadonlyMap<string, bigint>;

export function makeLayout(layout: Omit<FrameLayout, 'size' | 'field'>): FrameLayout {
  const named = new Map(layout.fields.map((field) => [field.name, field]));
  const size = Math.max(...layout.fields.map(({ offset }) => offset)) + 8;
  return { ...layout, size, field: (name) => named.get(name) };
}

/** All fields of the frame at an address of the guest's stack; undefined where not all of it is mapped. */
export function readFrame(memory: Pick<GuestMemory, 'read'>, layout: FrameLayout, address: bigint): FrameValues | undefined {
  const bytes = memory.read(address, layout.size);
  if (bytes.length < layout.size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return new Map(layout.fields.map(({ name, offset }) => [name, view.getBigUint64(offset, true)]));
}

/** Writes one field of the frame at an address. False where there is no such field or nothing is mapped. */
export function writeFrame(memory: Pick<GuestMemory, 'write'>, layout: FrameLayout, address: bigint, name: string, value: bigint): boolean {
  const field = layout.field(name);
  if (!field) return false;
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return memory.write(address + BigInt(field.offset), bytes) === bytes.length;
}

const argumentIndexes = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** a0 to a7 from that offset on. */
export function argumentFields(offset: number): FrameField[] {
  return argumentIndexes.map((index) => ({
    name: `a${index}`,
    offset: offset + 8 * index,
    kept: true,
    takesEffect: true,
    description: `Argument ${index}. Written, the function sees it${index === 0 ? ', or its caller as the result where epc is set to ra' : ''}.`,
  }));
}

export const epcField: FrameField = {
  name: 'epc',
  offset: 0,
  kept: true,
  takesEffect: true,
  description: 'Where the function goes on: its address + 8. Written, it is the resume address; the value of ra skips the function.',
};

export const raField: FrameField = {
  name: 'ra',
  offset: 8,
  kept: true,
  takesEffect: true,
  description: 'The return address into the caller. Written, the function returns there.',
};

/** The fields from `epc` to `t1` of struct ftrace_regs (arch/riscv/include/asm/ftrace.h, 6.10 and later). */
export const ftraceRegsHead: readonly FrameField[] = [
  epcField,
  raField,
  {
    name: 'sp',
    offset: 16,
    kept: true,
    takesEffect: false,
    description: 'The stack pointer at the call. The trampoline ignores what is written here.',
  },
  { name: 's0', offset: 24, kept: true, takesEffect: true, description: 'The frame pointer of the caller. Written, the function sees it.' },
  {
    name: 't1',
    offset: 32,
    kept: true,
    takesEffect: true,
    description: 'Zero. Written, the trampoline jumps there instead: a direct call, with t0 the resume address.',
  },
];
