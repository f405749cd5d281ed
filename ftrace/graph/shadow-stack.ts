import type { GuestMemory } from '../../emulator/machine';
import { takenReturns } from '../../emulator/recorder/taken-returns';
import { mapNear } from '../guest-structs';

/** A call whose return address the graph tracer has taken (`struct ftrace_ret_stack`). */
export interface ShadowFrame {
  /** Where the function returns to. */
  readonly ret: bigint;
  /** `rec->ip` of the function. */
  readonly ip: bigint;
  /** s0 at the call, which must be the same on return. */
  readonly fp: bigint;
  /** sp at the call. */
  readonly sp: bigint;
  readonly callTime: bigint;
  /** A bit for each user of the graph tracer that wants the return. */
  readonly users: number;
  /** Nanoseconds spent in functions it has called that were traced too. */
  readonly childTime: bigint;
  /** a0 to a7 at the call. */
  readonly args: readonly bigint[];
  /** What users of the graph tracer keep of the call until its return: a word each; undefined where none keeps anything. */
  readonly data: readonly bigint[] | undefined;
}

/** Where on its stack a function has its return address, and whether the true one is there now. */
export interface SavedReturn {
  readonly address: bigint;
  readonly isGivenBack: boolean;
}

/** Calls kept at most; a deeper one is not traced but counted (`trace_overrun`). */
export const mostFrames = takenReturns.most;
/** Where in a frame is what, in bytes; `data` are the words of its users, where `hasData` says that there are any. */
export const shadowFrame = {
  ret: takenReturns.ret,
  ip: 8,
  fp: 16,
  sp: takenReturns.sp,
  callTime: 32,
  users: 40,
  childTime: 48,
  hasData: 56,
  args: 64,
  data: 128,
  size: takenReturns.size,
} as const;
/** Before the frames: how many there are, how many calls did not fit, and how many unwinders are at work, with a word for each. */
export const shadowHead = { depth: takenReturns.depth, overrun: 8, unwinders: 16, size: takenReturns.head } as const;
/** The word with a frame's users has above them how far below its sp its return address is saved, and whether it is given back. */
const slotShift = 32n;
const givenBack = 2n ** 63n;
const mostUnwinders = (shadowHead.size - shadowHead.unwinders) / 8 - 1;
const { size: frameSize, data: dataOffset } = shadowFrame;
const headSize = shadowHead.size;
const pageSize = 4096;

/**
 * The return addresses that functions have lost to `return_to_handler`, outermost first. It is in guest memory, as the kernel has it
 * in the task, so that whoever restores the guest's memory restores it too. What a hostile program writes there is only its own.
 */
export class ShadowStack {
  private base: bigint | undefined;

  constructor(
    private readonly memory: GuestMemory,
    private readonly near: bigint,
  ) {}

  /** Where it is in guest memory; undefined until it is mapped. */
  get address(): bigint | undefined {
    return this.base;
  }

  get depth(): number {
    const depth = this.load(shadowHead.depth);
    return Number(depth > BigInt(mostFrames) ? BigInt(mostFrames) : depth);
  }

  get overrun(): number {
    return Number(BigInt.asUintN(32, this.load(shadowHead.overrun)));
  }

  /** False where there is no room, which is counted. */
  push(frame: ShadowFrame): boolean {
    const base = this.map();
    const { depth } = this;
    if (depth >= mostFrames) {
      this.writeWords(base + 8n, [BigInt(this.overrun + 1)]);
      return false;
    }
    this.writeFrame(depth, frame);
    this.writeWords(base, [BigInt(depth + 1)]);
    return true;
  }

  /** The frame at that index, 0 for the outermost. */
  frame(index: number): ShadowFrame | undefined {
    if (index < 0 || index >= this.depth) return undefined;
    const words = this.words(this.addressOf(index), dataOffset);
    const [ret, ip, fp, sp, callTime, users, childTime] = words;
    return {
      ret: ret!,
      ip: ip!,
      fp: fp!,
      sp: sp!,
      callTime: callTime!,
      users: Number(BigInt.asUintN(32, users!)),
      childTime: childTime!,
      args: [...words.subarray(8, 16)],
      data: words[7] === 0n ? undefined : this.dataOf(index),
    };
  }

  /** Drops all frames from that index on. */
  truncate(depth: number): void {
    if (this.base !== undefined) this.writeWords(this.base, [BigInt(depth)]);
  }

  /** sp at the call of the function at that index, and what it returns to: of `frame`, for who asks for nothing else. */
  spOf(index: number): bigint {
    return this.word(index, shadowFrame.sp);
  }
  returnOf(index: number): bigint {
    return this.word(index, shadowFrame.ret);
  }

  /** Where the function at that index is known to have its return address saved. */
  slotOf(index: number): SavedReturn | undefined {
    const word = this.word(index, shadowFrame.users);
    const distance = BigInt.asUintN(31, word >> slotShift);
    return distance === 0n ? undefined : { address: BigInt.asUintN(64, this.spOf(index) - distance), isGivenBack: word >= givenBack };
  }

  /** Keeps where that is; not where it is out of reach. */
  setSlot(index: number, { address, isGivenBack }: SavedReturn): void {
    const distance = this.spOf(index) - address;
    if (distance <= 0n || distance >= givenBack >> slotShift) return;
    const users = BigInt.asUintN(Number(slotShift), this.word(index, shadowFrame.users));
    const word = users | (distance << slotShift) | (isGivenBack ? givenBack : 0n);
    this.writeWords(this.addressOf(index) + BigInt(shadowFrame.users), [word]);
  }

  /** What is kept of the unwinders at work, the outermost first. Of more than there is room for, the last are left out. */
  get unwinders(): readonly bigint[] {
    if (this.base === undefined || this.load(shadowHead.unwinders) === 0n) return [];
    const [count, ...all] = this.words(this.base + BigInt(shadowHead.unwinders), 8 * (mostUnwinders + 1));
    return all.slice(0, Number(count));
  }
  set unwinders(words: readonly bigint[]) {
    const kept = words.slice(0, mostUnwinders);
    this.writeWords(this.map() + BigInt(shadowHead.unwinders), [BigInt(kept.length), ...kept]);
  }

  addChildTime(index: number, time: bigint): void {
    const frame = this.frame(index);
    if (frame) this.writeWords(this.addressOf(index) + 48n, [BigInt.asUintN(64, frame.childTime + time)]);
  }

  private writeFrame(index: number, { ret, ip, fp, sp, callTime, users, childTime, args, data }: ShadowFrame): void {
    this.writeWords(this.addressOf(index), [ret, ip, fp, sp, callTime, BigInt(users), childTime, data ? 1n : 0n, ...args, ...(data ?? [])]);
  }

  private dataOf(index: number): readonly bigint[] {
    return [...this.words(this.addressOf(index) + BigInt(dataOffset), frameSize - dataOffset)];
  }

  /** A word behind the start; 0 where a program has unmapped it. */
  private load(offset: number): bigint {
    return (this.base === undefined ? undefined : this.memory.load(this.base + BigInt(offset), 8)) ?? 0n;
  }

  private word(index: number, offset: number): bigint {
    return this.load(headSize + index * frameSize + offset);
  }

  /** Words of the shadow stack, 0 where a program has unmapped them. */
  private words(address: bigint, size: number): BigUint64Array {
    const words = new BigUint64Array(size / 8);
    this.memory.readInto(address, new Uint8Array(words.buffer));
    return words;
  }

  private addressOf(index: number): bigint {
    return this.base! + BigInt(headSize + index * frameSize);
  }

  private writeWords(address: bigint, words: readonly bigint[]): void {
    this.memory.write(address, new Uint8Array(new BigUint64Array(words).buffer));
  }

  /** Makes it, where it is not there yet, and gives its address. */
  map(): bigint {
    const size = Math.ceil((headSize + mostFrames * frameSize) / pageSize) * pageSize;
    this.base ??= mapNear(this.memory, this.near, BigInt(size));
    return this.base;
  }
}
