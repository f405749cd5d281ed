import { ByteReader } from '../elf/byte-reader';
import type { CommonEntry } from './call-frame-entries';

/** How a register of the caller is found (DWARF 5, section 6.4.1). Offsets are from the canonical frame address. */
export type RegisterRule =
  | { readonly kind: 'undefined' }
  | { readonly kind: 'same' }
  | { readonly kind: 'saved'; readonly offset: bigint }
  | { readonly kind: 'address'; readonly offset: bigint }
  | { readonly kind: 'register'; readonly register: number }
  /** The address where it is saved, or with `isValue` the register itself, is computed from the canonical frame address. */
  | { readonly kind: 'expression'; readonly expression: Uint8Array; readonly isValue: boolean };

export type FrameAddressRule =
  | { readonly kind: 'register'; readonly register: number; readonly offset: bigint }
  | { readonly kind: 'expression'; readonly expression: Uint8Array };

export interface CallFrameRules {
  readonly frameAddress: FrameAddressRule;
  /** By DWARF register number; registers without a rule keep their value if calls do. */
  readonly registers: ReadonlyMap<number, RegisterRule>;
  readonly returnColumn: number;
  readonly isSignalFrame: boolean;
  /** The function's entry says where its code is, and nothing of what that does. */
  readonly isBare: boolean;
  /** Of LLVM, which before version 20 describes no epilogues on RISC-V; GCC has another factor of offsets. */
  readonly lacksEpilogues: boolean;
}

/** Runs the instructions of a function's entry up to `address`. Throws ProgramError where they are corrupt. */
export function runCallFrameProgram(common: CommonEntry, program: Uint8Array, start: bigint, address: bigint): CallFrameRules | undefined {
  const table = new RuleTable(common, start);
  table.run(common.program, address);
  table.keepInitial();
  table.run(program, address);
  const { frameAddress, registers } = table;
  if (!frameAddress) return undefined;
  const { returnColumn, isSignalFrame } = common;
  const isBare = program.every((instruction) => instruction === nop);
  return { frameAddress, registers, returnColumn, isSignalFrame, isBare, lacksEpilogues: common.dataAlignment === -8n };
}

/** The registers that a function's entry says to be saved at any place of it. Throws ProgramError where it is corrupt. */
export function registersSavedBy(common: CommonEntry, program: Uint8Array): ReadonlySet<number> {
  const table = new RuleTable(common, 0n);
  table.run(common.program, lastAddress);
  table.keepInitial();
  table.run(program, lastAddress);
  return table.everSaved;
}

const lastAddress = 2n ** 64n;

/** DW_CFA_nop. */
const nop = 0;
/** States that DW_CFA_remember_state may keep at once. */
const mostRemembered = 1_000;

class RuleTable {
  frameAddress: FrameAddressRule | undefined;
  registers = new Map<number, RegisterRule>();
  readonly everSaved = new Set<number>();
  private initial: ReadonlyMap<number, RegisterRule> = new Map();
  private readonly remembered: { frameAddress: FrameAddressRule | undefined; registers: Map<number, RegisterRule> }[] = [];

  constructor(
    private readonly common: CommonEntry,
    private location: bigint,
  ) {}

  keepInitial(): void {
    this.initial = new Map(this.registers);
  }

  run(program: Uint8Array, address: bigint): void {
    const reader = new ByteReader(program, 'a frame table', this.common.bias);
    while (!reader.atEnd && this.location <= address) this.execute(reader);
  }

  /** Instruction numbers of DWARF 5, section 7.24. */
  private execute(reader: ByteReader): undefined {
    const byte = reader.u8();
    const low = byte & 0x3f;
    switch (byte & 0xc0) {
      case 0x40:
        return this.advance(low);
      case 0x80:
        return this.set(low, { kind: 'saved', offset: reader.uleb() * this.common.dataAlignment });
      case 0xc0:
        return this.restore(low);
      default:
        return this.executeExtended(low, reader);
    }
  }

  private executeExtended(instruction: number, reader: ByteReader): undefined {
    const factored = (value: bigint) => value * this.common.dataAlignment;
    switch (instruction) {
      case 0x00: // DW_CFA_nop
        return;
      case 0x01: // DW_CFA_set_loc
        this.location = reader.address();
        return;
      case 0x02:
        return this.advance(reader.u8());
      case 0x03:
        return this.advance(reader.u16());
      case 0x04:
        return this.advance(reader.u32());
      case 0x05: // DW_CFA_offset_extended
        return this.set(reader.ulebAsNumber(), { kind: 'saved', offset: factored(reader.uleb()) });
      case 0x06: // DW_CFA_restore_extended
        return this.restore(reader.ulebAsNumber());
      case 0x07:
        return this.set(reader.ulebAsNumber(), { kind: 'undefined' });
      case 0x08:
        return this.set(reader.ulebAsNumber(), { kind: 'same' });
      case 0x09: // DW_CFA_register
        return this.set(reader.ulebAsNumber(), { kind: 'register', register: reader.ulebAsNumber() });
      case 0x0a: // DW_CFA_remember_state
        if (this.remembered.length >= mostRemembered) throw reader.error('it remembers too many states');
        this.remembered.push({ frameAddress: this.frameAddress, registers: new Map(this.registers) });
        return;
      case 0x0b: // DW_CFA_restore_state
        Object.assign(this, this.remembered.pop());
        return;
      case 0x0c: // DW_CFA_def_cfa
        this.frameAddress = { kind: 'register', register: reader.ulebAsNumber(), offset: reader.uleb() };
        return;
      case 0x0d: // DW_CFA_def_cfa_register
        this.frameAddress = { kind: 'register', register: reader.ulebAsNumber(), offset: this.frameOffset };
        return;
      case 0x0e: // DW_CFA_def_cfa_offset
        this.frameAddress = { kind: 'register', register: this.frameRegister(reader), offset: reader.uleb() };
        return;
      case 0x0f: // DW_CFA_def_cfa_expression
        this.frameAddress = { kind: 'expression', expression: reader.slice(reader.ulebAsNumber()) };
        return;
      case 0x10:
      case 0x16: // DW_CFA_expression, DW_CFA_val_expression
        return this.set(reader.ulebAsNumber(), {
          kind: 'expression',
          expression: reader.slice(reader.ulebAsNumber()),
          isValue: instruction === 0x16,
        });
      case 0x11: // DW_CFA_offset_extended_sf
        return this.set(reader.ulebAsNumber(), { kind: 'saved', offset: factored(reader.sleb()) });
      case 0x12: // DW_CFA_def_cfa_sf
        this.frameAddress = { kind: 'register', register: reader.ulebAsNumber(), offset: factored(reader.sleb()) };
        return;
      case 0x13: // DW_CFA_def_cfa_offset_sf
        this.frameAddress = { kind: 'register', register: this.frameRegister(reader), offset: factored(reader.sleb()) };
        return;
      case 0x14:
        return this.set(reader.ulebAsNumber(), { kind: 'address', offset: factored(reader.uleb()) });
      case 0x15:
        return this.set(reader.ulebAsNumber(), { kind: 'address', offset: factored(reader.sleb()) });
      case 0x2e: // DW_CFA_GNU_args_size
        reader.skipLeb();
        return;
      case 0x2f: // DW_CFA_GNU_negative_offset_extended
        return this.set(reader.ulebAsNumber(), { kind: 'saved', offset: -factored(reader.uleb()) });
      default:
        throw reader.error(`the instruction 0x${instruction.toString(16)} is not known`, reader.offset - 1);
    }
  }

  private advance(distance: number): undefined {
    this.location += BigInt(distance) * this.common.codeAlignment;
  }

  private set(register: number, rule: RegisterRule): undefined {
    this.registers.set(register, rule);
    if (rule.kind === 'saved') this.everSaved.add(register);
  }

  private restore(register: number): undefined {
    const rule = this.initial.get(register);
    if (rule) this.registers.set(register, rule);
    else this.registers.delete(register);
  }

  private get frameOffset(): bigint {
    return this.frameAddress?.kind === 'register' ? this.frameAddress.offset : 0n;
  }

  private frameRegister(reader: ByteReader): number {
    if (this.frameAddress?.kind !== 'register') throw reader.error('it changes the offset of a frame address that has no register');
    return this.frameAddress.register;
  }
}
