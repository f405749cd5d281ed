/**
 * A decoded instruction as the interpreter reads it: 16 bytes in linear memory. Register fields hold where the register is in
 * linear memory. The handler decides what is done; that of a stop is put over the one the instruction has.
 */
export const recordField = {
  handler: 0,
  rd: 2,
  rs1: 4,
  rs2: 6,
  /** 4 bytes, signed; for a branch within the page the distance between records, for an illegal instruction its word. */
  immediate: 8,
  /** Of an instruction with three sources, which has no immediate. */
  rs3: 8,
  /** Of a `csrr*` of F: the shift of its CSR in fcsr, and the mask of its bits after the shift; 1 byte each. */
  csrShift: 12,
  csrMask: 13,
  /** Of an instruction that rounds: what of fcsr tells whether it is plain (`Emitter.isPlain`), and its rm field; 1 byte each. */
  plainMask: 12,
  roundingMode: 13,
  /** Of a branch, which has no rd: what `hartAt.looks` was when it was last taken, and when it last was not, or 0; 2 bytes each. */
  taken: 2,
  passed: 12,
  /** The handler without a stop. */
  original: 14,
} as const;

/** Handlers that are no instruction. */
export const specialHandler = {
  /** All zeros: not decoded yet. */
  notDecoded: 0,
  /** A breakpoint or hook. */
  stop: 1,
  /** Stands behind the last halfword of a page: execution goes on in the next page. */
  pageEnd: 2,
  illegal: 3,
  /** A translated region begins here. */
  region: 4,
  /** The same before an instruction with a native hook, which must not be passed over alone: the region is that instruction. */
  hookRegion: 5,
} as const;

/** Why the interpreter came back, in the low 8 bits of its result; the 8 bits above have the size of a faulting access. */
export const exit = {
  budget: 0,
  /** The pc is at no decoded instruction. */
  notDecoded: 1,
  stop: 2,
  illegal: 3,
  loadFault: 4,
  storeFault: 5,
  environmentCall: 6,
  breakpoint: 7,
  fenceI: 8,
  /** A privileged instruction. */
  privileged: 9,
  /** The rounding mode is dynamic, and frm is reserved. */
  reservedRounding: 10,
  /** The code at the pc has been come to so often that it is worth translating. */
  hot: 11,
  /** A region did not make an access, as it lies outside the run of pages that it checks for. */
  regionCheck: 12,
  /** A region left floating-point arithmetic that is not plain. */
  regionFloat: 13,
  /** A region jumped to where it is not known to go. */
  regionIndirect: 14,
  /** A jump, or a branch that is taken, leads to where no instruction can begin. */
  misalignedTarget: 15,
  /** A native hook did not settle what is to be done. */
  regionHook: 16,
  /** Only where the host watches regions: one has jumped to the pc, or was left before the instruction there. */
  regionJumped: 17,
  regionLeft: 18,
  /** Never given to the host: the interpreter stood in the place of a region, and has come to where that was to return to. */
  returned: 19,
} as const;

/** Set beside the exit of an access that must be aligned. */
export const atomicAccess = 1 << 16;

/** Set beside the exit of an instruction that manages a cache block. */
export const blockAccess = 1 << 17;
