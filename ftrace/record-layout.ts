import { chunkBits } from '../emulator/recorder/recorder-layout';
import { ftraceRegsSize } from './ftrace-regs';

/** Bytes of a record's fixed part here: 24 of timestamp and addresses, 8 of type and depth, 104 of registers. */
export const recordField = { timestamp: 0, ip: 8, parentIp: 16, type: 24, depth: 28, regs: 32 } as const;
export const recordSize = recordField.regs + ftraceRegsSize;
/** Records that one source may have made, at most, before they are taken. */
export const mostUntaken = Math.floor(2 ** chunkBits / recordSize);
/** The length in the kernel's buffer of all that may be made of one of them later: of an event, its stacks, and events made of it. */
export const longestLater = 340;
