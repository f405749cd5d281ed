/** Operations by number (Semihosting for AArch32 and AArch64, section "Semihosting operations"; RISC-V has the same). */
export const operation = {
  OPEN: 0x01,
  CLOSE: 0x02,
  WRITEC: 0x03,
  WRITE0: 0x04,
  WRITE: 0x05,
  READ: 0x06,
  READC: 0x07,
  ISERROR: 0x08,
  ISTTY: 0x09,
  SEEK: 0x0a,
  FLEN: 0x0c,
  TMPNAM: 0x0d,
  REMOVE: 0x0e,
  RENAME: 0x0f,
  CLOCK: 0x10,
  TIME: 0x11,
  SYSTEM: 0x12,
  ERRNO: 0x13,
  GET_CMDLINE: 0x15,
  HEAPINFO: 0x16,
  EXIT: 0x18,
  EXIT_EXTENDED: 0x20,
  ELAPSED: 0x30,
  TICKFREQ: 0x31,
} as const;

/** The name of an operation, as `SYS_OPEN`, or its number. */
export function operationName(number: number): string {
  const found = Object.entries(operation).find(([, value]) => value === number);
  return found ? `SYS_${found[0]}` : `operation 0x${number.toString(16)}`;
}
