import { ftraceRegsSize } from './ftrace-regs';

/** Bytes of a record's fixed part here: 24 of timestamp and addresses, 8 of type and depth, 104 of registers. */
export const recordField = { timestamp: 0, ip: 8, parentIp: 16, type: 24, depth: 28, regs: 32 } as const;
export const recordSize = recordField.regs + ftraceRegsSize;
