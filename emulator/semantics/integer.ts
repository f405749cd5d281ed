import { type Expression, type I32, type I64, i32, i64 } from '../wasm/expression';
import type { AccessSize, Semantics } from './emitter';

type Operation = (left: I64, right: I64) => I64;
type WordOperation = (left: I32, right: I32) => I32;
type Comparison = (left: I64, right: I64) => Expression<'i32'>;

/** RV64I (Volume I, chapters "RV32I" and "RV64I"). Shifts of WebAssembly take the amount modulo the width, as RISC-V does. */
export const integer = {
  lui: (emit) => emit.set(emit.immediate),
  auipc: (emit) => emit.set(i64.add(emit.pc, emit.immediate)),

  jal: (emit) => {
    emit.checkTarget(i64.add(emit.pc, emit.immediate));
    emit.set(emit.nextPc);
    emit.branch();
  },
  jalr: (emit) => {
    const target = emit.hold(i64.and(i64.add(emit.rs1, emit.immediate), i64.constant(-2)));
    emit.checkTarget(target);
    emit.set(emit.nextPc);
    emit.jump(target);
  },
  beq: branch(i64.eq),
  bne: branch(i64.ne),
  blt: branch(i64.ltS),
  bge: branch(i64.geS),
  bltu: branch(i64.ltU),
  bgeu: branch(i64.geU),

  lb: load(1, 'signed'),
  lh: load(2, 'signed'),
  lw: load(4, 'signed'),
  ld: load(8, 'signed'),
  lbu: load(1, 'unsigned'),
  lhu: load(2, 'unsigned'),
  lwu: load(4, 'unsigned'),
  sb: store(1),
  sh: store(2),
  sw: store(4),
  sd: store(8),

  addi: withImmediate(i64.add),
  slti: withImmediate(truth(i64.ltS)),
  sltiu: withImmediate(truth(i64.ltU)),
  xori: withImmediate(i64.xor),
  ori: withImmediate(i64.or),
  andi: withImmediate(i64.and),
  slli: withImmediate(i64.shl),
  srli: withImmediate(i64.shrU),
  srai: withImmediate(i64.shrS),
  add: withRegister(i64.add),
  sub: withRegister(i64.sub),
  sll: withRegister(i64.shl),
  slt: withRegister(truth(i64.ltS)),
  sltu: withRegister(truth(i64.ltU)),
  xor: withRegister(i64.xor),
  srl: withRegister(i64.shrU),
  sra: withRegister(i64.shrS),
  or: withRegister(i64.or),
  and: withRegister(i64.and),

  addiw: withImmediate(word(i32.add)),
  slliw: withImmediate(word(i32.shl)),
  srliw: withImmediate(word(i32.shrU)),
  sraiw: withImmediate(word(i32.shrS)),
  addw: withRegister(word(i32.add)),
  subw: withRegister(word(i32.sub)),
  sllw: withRegister(word(i32.shl)),
  srlw: withRegister(word(i32.shrU)),
  sraw: withRegister(word(i32.shrS)),

  /** One hart that performs its accesses in order has nothing to do. */
  fence: () => {},
  ecall: (emit) => emit.leave('environment-call'),
  ebreak: (emit) => emit.leave('breakpoint'),
  'fence.i': (emit) => emit.leave('fence.i'),
} satisfies Record<string, Semantics>;

function withRegister(operation: Operation): Semantics {
  return (emit) => emit.set(operation(emit.rs1, emit.rs2));
}

function withImmediate(operation: Operation): Semantics {
  return (emit) => emit.set(operation(emit.rs1, emit.immediate));
}

function branch(condition: Comparison): Semantics {
  return (emit) => emit.branch(condition(emit.rs1, emit.rs2));
}

function load(size: AccessSize, extension: 'signed' | 'unsigned'): Semantics {
  return (emit) => emit.set(emit.load(i64.add(emit.rs1, emit.immediate), size, extension));
}

function store(size: AccessSize): Semantics {
  return (emit) => emit.store(i64.add(emit.rs1, emit.immediate), size, emit.rs2);
}

function truth(comparison: Comparison): Operation {
  return (left, right) => i64.extendU(comparison(left, right));
}

/** An operation on the lower words whose result is sign-extended. */
function word(operation: WordOperation): Operation {
  return (left, right) => i64.extendS(operation(i32.wrap(left), i32.wrap(right)));
}
