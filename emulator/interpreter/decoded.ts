import type { Instruction } from '../../riscv/instruction';
import { type BaseMnemonic, rowOf } from '../../riscv/instruction-table';
import type { Isa } from '../../riscv/isa-string';
import { operandKinds, type RegisterField } from '../../riscv/operands';
import { dynamicRounding } from '../../riscv/rounding';
import { flag, rounding } from '../float/routine-types';
import { hartAt } from '../linear-memory';
import { floatCsrs, isLegalCsrAccess } from '../semantics/csr-file';
import { handlerNumber, isRelative } from './handlers';
import { specialHandler } from './record';

/** What an instruction word is to a machine, and what its record holds wherever it stands (`recordField`). */
export interface Decoded {
  readonly instruction: Instruction;
  /** The engine executes it; else it is illegal, or the environment's. */
  readonly isExecuted: boolean;
  /** It leads to where no instruction can begin: between words, without compressed code. */
  readonly goesAstray: boolean;
  /** The handler, and that where it leads to somewhere in its page; the same for what never does. */
  readonly handler: number;
  readonly nearHandler: number;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  /** The immediate, or rs3. */
  readonly immediate: number;
  /** The last two of the bytes that only some instructions have: `csrShift` and `csrMask`, or `plainMask` and `roundingMode`. */
  readonly extra: number;
}

/** `isLeft` tells that the engine must leave it to the environment. */
export function decodedFrom(instruction: Instruction, isa: Isa, isLeft: boolean): Decoded {
  const { meaning, length, rd, rs1, rs2, immediate, csr, roundingMode } = instruction;
  const isExecuted = !isLeft && isLegal(instruction, isa);
  const relative = isRelative(meaning);
  const goesAstray = relative && immediate % 4 !== 0 && !isa.has('C');
  const usesCsr = meaning.startsWith('csrr');
  const floatCsr = usesCsr ? floatCsrs.get(csr) : undefined;
  const where = usesCsr ? (floatCsr ? 'float' : 'counter') : undefined;
  const handler = isExecuted ? handlerNumber(meaning, length, relative ? 'far' : 'none', where) : specialHandler.illegal;
  const goesNear = isExecuted && relative && !goesAstray;
  const floats = floatFieldsOf(meaning);
  return {
    instruction,
    isExecuted,
    goesAstray,
    handler,
    nearHandler: goesNear ? handlerNumber(meaning, length, immediate > 0 ? 'forward' : 'backward') : handler,
    rd: floats.has('frd') ? hartAt.f + instruction.frd * 8 : rd === 0 ? hartAt.scratch : hartAt.x + rd * 8,
    rs1: floats.has('frs1') ? hartAt.f + instruction.frs1 * 8 : hartAt.x + rs1 * 8,
    rs2: floats.has('frs2') ? hartAt.f + instruction.frs2 * 8 : hartAt.x + rs2 * 8,
    immediate: floats.has('frs3') ? hartAt.f + instruction.frs3 * 8 : immediate,
    extra: floatCsr ? floatCsr.shift | (floatCsr.mask << 8) : plainMask(roundingMode) | (roundingMode << 8),
  };
}

const floatFields = new Map<BaseMnemonic, ReadonlySet<RegisterField>>();

/** The fields of an instruction that hold floating-point registers. */
function floatFieldsOf(meaning: BaseMnemonic): ReadonlySet<RegisterField> {
  let fields = floatFields.get(meaning);
  if (!fields) {
    const operands = rowOf(meaning).operands.map((kind) => operandKinds[kind]);
    fields = new Set(operands.flatMap((operand) => (operand.syntax === 'float register' ? operand.fields : [])));
    floatFields.set(meaning, fields);
  }
  return fields;
}

/** False for a CSR access that the engine cannot make, and for the rounding modes 5 and 6, which are reserved. */
function isLegal(instruction: Instruction, isa: Isa): boolean {
  const { roundingMode } = instruction;
  return isLegalCsrAccess(instruction, isa) && (roundingMode <= rounding.nearestMaximum || roundingMode === dynamicRounding);
}

/** The bits of fcsr that are 1, and no more than NX, where an instruction of this rounding mode is plain (`Emitter.isPlain`). */
function plainMask(roundingMode: number): number {
  if (roundingMode === dynamicRounding) return 0xe0 | flag.inexact;
  return roundingMode === rounding.nearestEven ? flag.inexact : 0;
}
