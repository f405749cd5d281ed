import type { Encoding } from '../../riscv/decode';
import { operandKinds, type RegisterField } from '../../riscv/operands';
import { hartAt } from '../linear-memory';
import { handlerNumber, isRelative } from './handlers';

/** What the records of all instructions of an encoding have in common: handlers, and where the registers of each kind are. */
export class RecordPlan {
  readonly encoding: Encoding;
  /** The handler of an instruction that leads out of its page, or nowhere else than on. */
  readonly handler: number;
  /** The handlers of one that leads on and back in its page. */
  readonly forward: number;
  readonly backward: number;
  readonly isRelative: boolean;
  /** It has two ways on. */
  readonly isBranch: boolean;
  /** Nothing goes on behind it. */
  readonly isLast: boolean;
  /** It names a CSR, on which the handler depends, and whether it is executed at all. */
  readonly usesCsr: boolean;
  readonly rd: RegisterPlan;
  readonly rs1: RegisterPlan;
  readonly rs2: RegisterPlan;
  /** Only of an instruction with three sources, which has no immediate. */
  readonly rs3: RegisterPlan | undefined;

  constructor(encoding: Encoding) {
    const { meaning, length, fields, row } = encoding;
    this.encoding = encoding;
    this.isRelative = isRelative(meaning);
    this.usesCsr = fields.csr !== undefined;
    this.isLast = meaning === 'jal' || meaning === 'jalr';
    this.isBranch = this.isRelative && !this.isLast;
    this.handler = handlerNumber(meaning, length, this.isRelative ? 'far' : 'none');
    this.forward = this.isRelative ? handlerNumber(meaning, length, 'forward') : this.handler;
    this.backward = this.isRelative ? handlerNumber(meaning, length, 'backward') : this.handler;
    const operands = row.operands.map((kind) => operandKinds[kind]);
    const floats = new Set(
      operands.flatMap((operand): readonly RegisterField[] => (operand.syntax === 'float register' ? operand.fields : [])),
    );
    const float = (field: RegisterField) => (floats.has(field) ? { field: fields[field], first: hartAt.f, zero: hartAt.f } : undefined);
    this.rd = float('frd') ?? { field: fields.rd, first: hartAt.x, zero: hartAt.scratch };
    this.rs1 = float('frs1') ?? { field: fields.rs1, first: hartAt.x, zero: hartAt.x };
    this.rs2 = float('frs2') ?? { field: fields.rs2, first: hartAt.x, zero: hartAt.x };
    this.rs3 = float('frs3');
  }
}

/** Where a register is that an instruction names in a field of `Fields`: `first` has register 0 of its kind, `zero` is what is taken for it. */
export interface RegisterPlan {
  readonly field: number;
  readonly first: number;
  readonly zero: number;
}
