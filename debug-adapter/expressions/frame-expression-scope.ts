import type { FunctionCall } from '../../program/expressions/calls';
import type { ExpressionScope } from '../../program/expressions/evaluate';
import { ExpressionError } from '../../program/expressions/expression-error';
import { NameLookup } from '../../program/expressions/name-lookup';
import {
  codeAddressType,
  codeAddressTypeOfC,
  dataAddressType,
  floatRegisterType,
  floatRegisterTypeOfC,
  registerType,
  wordType,
} from '../../program/expressions/numbers';
import type { Program } from '../../program/program';
import { boolType, doubleType, floatType } from '../../program/types/base-types';
import type { Type } from '../../program/types/type';
import { ofBytes, type Value, type ValueMemory } from '../../program/values/value';
import { bytesOfNumber } from '../../program/values/value-bytes';
import { csrNumber } from '../../riscv/csrs';
import { fNumber, xNumber } from '../../riscv/registers';
import type { Debuggee } from '../debuggee';
import { csrRegister, FrameMemory, floatRegister, pcRegister } from '../frame-memory';
import type { Frame } from '../stack-walk';
import { assemblyTypes } from './assembly-types';
import { callFunction } from './call-function';

export interface ExpressionOptions {
  /** Nothing is to be written: the expression is evaluated again and again. */
  readonly isReadOnly?: boolean;
}

/**
 * The names of a frame: its variables, those of its source and of the program, the assembler's symbols, and the registers, which in
 * assembly come first.
 */
export class FrameExpressionScope implements ExpressionScope {
  readonly memory: ValueMemory;
  readonly isAssembly: boolean;
  readonly hasBool: boolean;
  readonly readOnly: string | undefined;
  private readonly lookup: NameLookup;

  constructor(
    private readonly debuggee: Debuggee,
    private readonly frame: Frame | undefined,
    { isReadOnly = false }: ExpressionOptions = {},
  ) {
    const { state } = debuggee;
    this.readOnly = isReadOnly ? onlyInConsole : state === 'running' ? whileRunning : undefined;
    this.memory = new FrameMemory(debuggee, frame?.index);
    this.isAssembly = isAssemblyFrame(debuggee, frame);
    this.hasBool = frame?.activation?.entry.unit.isCplusplus ?? false;
    this.lookup = new NameLookup(this.program.debugInfo, frame?.scope, frame?.activation, this.memory);
  }

  typeNamed(name: string, tag?: 'struct' | 'union' | 'enum' | 'class'): Type | undefined {
    const own = tag === undefined && this.isAssembly ? assemblyTypes.get(name) : undefined;
    if (own) return own;
    if (tag === undefined && (this.registerNamed(name) !== undefined || this.lookup.valueNamed(name))) return undefined;
    return this.lookup.typeNamed(name, tag);
  }

  hasName(name: string): boolean {
    return this.valueNamed(name) !== undefined;
  }

  valueNamed(name: string): Value | undefined {
    const register = this.isAssembly ? this.registerIfAny(name) : undefined;
    return (
      register ??
      (this.isAssembly ? undefined : this.lookup.valueNamed(name)) ??
      this.symbol(name) ??
      this.registerIfAny(name) ??
      this.truth(name)
    );
  }

  functionsNamed(name: string, namespaces: readonly string[]): readonly Value[] {
    return this.hasBool ? this.lookup.functionsNamed(name, namespaces) : [];
  }

  register(name: string): Value | undefined {
    const number = this.registerNamed(name);
    if (number === undefined) return this.debuggee.convenience.value(name);
    if (this.memory.readRegister(number) === undefined) {
      throw new ExpressionError(`${name} is not saved: a function called since may have changed it`);
    }
    return { type: this.registerType(number), location: { kind: 'register', register: number }, from: 0 };
  }

  assignConvenience(name: string, value: Value): boolean {
    if (this.registerNamed(name) !== undefined || !/^[A-Za-z_]\w*$/.test(name)) return false;
    if (this.readOnly !== undefined) throw new ExpressionError(this.readOnly);
    this.debuggee.convenience.set(name, value);
    return true;
  }

  call(call: FunctionCall): Value {
    if (this.debuggee.state !== 'stopped') throw new ExpressionError('No function is called while the program is running; pause it first');
    if (this.readOnly !== undefined) throw new ExpressionError('A function is called in the Debug Console only: it runs the program');
    try {
      return callFunction(this.debuggee, call);
    } finally {
      this.debuggee.forgetStack();
    }
  }

  /** Names that an expression can start with. */
  namesFrom(start: string, limit: number): readonly string[] {
    return this.lookup.namesFrom(start, limit);
  }

  /** Names that can follow `scope::`; undefined where the name is no scope. */
  namesIn(scope: string, start: string, limit: number): readonly string[] | undefined {
    return this.lookup.namesIn(scope, start, limit);
  }

  private get program(): Program {
    return this.frame?.program ?? this.debuggee.program;
  }

  private registerIfAny(name: string): Value | undefined {
    return isGeneralRegister(name) ? this.register(name) : undefined;
  }

  private truth(name: string): Value | undefined {
    return name === 'true' || name === 'false' ? ofBytes(boolType, Uint8Array.of(name === 'true' ? 1 : 0)) : undefined;
  }

  private registerNamed(name: string): number | undefined {
    if (name === 'pc') return pcRegister;
    const [integer, float, csr] = [xNumber(name), fNumber(name), csrNumber(name)];
    if (integer !== undefined) return integer;
    if (float !== undefined) return floatRegister + float;
    return csr !== undefined && this.debuggee.machine.readCsr(csr) !== undefined ? csrRegister + csr : undefined;
  }

  /** In assembly a number, which of the two the ones above it tell. */
  private registerType(number: number): Type {
    const isFloat = number >= floatRegister && number < floatRegister + 32;
    if (isFloat && this.isAssembly) return (this.memory.readRegister(number) ?? 0n) >> 32n === 0xffff_ffffn ? floatType : doubleType;
    if (isFloat) return this.hasBool ? floatRegisterType : floatRegisterTypeOfC;
    if (this.isAssembly) return wordType;
    if (number === pcRegister || number === 1) return this.hasBool ? codeAddressType : codeAddressTypeOfC;
    return dataRegisters.has(number) ? dataAddressType : registerType;
  }

  /** The address of an assembler's symbol. */
  private symbol(name: string): Value | undefined {
    const symbol = this.debuggee.code.named(name);
    return symbol && ofBytes(wordType, bytesOfNumber(symbol.address, 8));
  }
}

/** sp, gp, tp and s0. */
const dataRegisters: ReadonlySet<number> = new Set([2, 3, 4, 8]);
const onlyInConsole = 'Nothing is assigned here: type it into the Debug Console';
const whileRunning = 'Nothing is assigned while the program is running; pause it first';

/** x0-x31 and pc need no $. */
function isGeneralRegister(name: string): boolean {
  return name === 'pc' || xNumber(name) !== undefined;
}

/** Where no source in a language with types is. */
function isAssemblyFrame(debuggee: Debuggee, frame: Frame | undefined): boolean {
  const entry = frame?.activation?.entry;
  if (entry) return entry.unit.isAssembly;
  return !debuggee.program.debugInfo.entries.units.some((unit) => !unit.isAssembly);
}
