import { hartAt, type LinearMemory, pageSize, recordSize } from '../linear-memory';
import { semantics } from '../semantics/semantics';
import { i32, i64, select } from '../wasm/expression';
import { type FunctionBody, get, type Label, type Local } from '../wasm/function-body';
import { encodeModule } from '../wasm/module';
import { type Handler, handlers } from './handlers';
import { InterpreterEmitter, type Loop, pcOf } from './interpreter-emitter';
import { exit, recordField, specialHandler } from './record';

/**
 * Executes at most `fuel` instructions and says why it came back: a value of `exit`, with more about a faulting access above bit 8. pc, instret and fuel are then those before the instruction that was not executed. With `overStop` 1, a breakpoint or hook
 * at the first instruction does not count.
 */
export type Interpret = (overStop: 0 | 1) => number;

/** Makes the interpreter of a machine: a dispatch loop over decoded instructions, with the place and size of its memory built in. */
export function makeInterpreter(memory: LinearMemory): Interpret {
  const { base, size, codePages } = memory;
  const layout = `${base} ${size} ${codePages}`;
  if (layout !== latest?.layout) latest = { layout, module: makeModule(memory) };
  const instance = new WebAssembly.Instance(latest.module, { host: { memory: memory.memory } });
  return instance.exports.interpret as Interpret;
}

/** The module that was made last: a program that is started again has the same layout. */
let latest: { readonly layout: string; readonly module: WebAssembly.Module } | undefined;

function makeModule(memory: LinearMemory): WebAssembly.Module {
  const write = (body: FunctionBody) => writeInterpreter(body, memory);
  return new WebAssembly.Module(encodeModule(memory.wasmPages, [{ name: 'interpret', parameters: ['i32'], results: ['i32'], write }]));
}

interface Variables extends Omit<Loop, 'next' | 'jump' | 'leave'> {
  /** The record whose stop does not count the next time, or 0. */
  readonly passedStop: Local<'i32'>;
}

const zero = i32.constant(0);
const overStop = { type: 'i32', index: 0 } as const;

function writeInterpreter(body: FunctionBody, memory: LinearMemory): void {
  const variables: Variables = {
    record: body.local('i32'),
    pcBias: body.local('i64'),
    target: body.local('i64'),
    fuel: body.local('i32'),
    exit: body.local('i32'),
    passedStop: body.local('i32'),
  };
  const { target, fuel } = variables;
  body.set(target, i64.load(zero, hartAt.pc));
  body.set(fuel, i32.load(zero, hartAt.fuel));
  body.store64(zero, i64.add(i64.load(zero, hartAt.instret), i64.extendU(get(fuel))), hartAt.end);
  body.block((leave) => {
    body.block((notDecoded) => {
      writeLookup(body, memory, variables, notDecoded, leave);
    });
    body.store64(zero, get(target), hartAt.pc);
    body.store64(zero, pcOf(variables), hartAt.from);
    writeEnd(body, variables, exit.notDecoded);
  });
  // The instruction that was not executed has taken its fuel.
  body.set(fuel, i32.add(get(fuel), i32.constant(1)));
  body.store64(zero, pcOf(variables), hartAt.pc);
  writeEnd(body, variables);
}

function writeEnd(body: FunctionBody, { fuel, exit: result }: Variables, code?: number): void {
  body.store(zero, get(fuel), hartAt.fuel);
  body.store64(zero, i64.sub(i64.load(zero, hartAt.end), i64.extendU(get(fuel))), hartAt.instret);
  body.return(code === undefined ? get(result) : i32.constant(code));
}

/** Finds the record of `target` and executes from there; comes round again when an instruction jumps out of the page. */
function writeLookup(body: FunctionBody, memory: LinearMemory, variables: Variables, notDecoded: Label, leave: Label): void {
  const { record, pcBias, target, passedStop } = variables;
  body.loop((lookup) => {
    body.scope(() => {
      const wide = body.hold(i64.sub(get(target), i64.constant(memory.base)));
      body.branchIf(notDecoded, i64.geU(wide, i64.constant(BigInt(memory.size))));
      const offset = body.hold(i32.wrap(wide));
      body.branchIf(notDecoded, i32.and(offset, i32.constant(1)));
      const pageIndex = i32.shrU(offset, i32.constant(12));
      const records = body.hold(i32.load(i32.shl(pageIndex, i32.constant(2)), memory.pageTableAt));
      body.branchIf(notDecoded, i32.eqz(records));
      const inPage = i32.and(offset, i32.constant(pageSize - 1));
      body.set(record, i32.add(records, i32.mul(inPage, i32.constant(recordSize / 2))));
      const page = i64.and(get(target), i64.constant(BigInt(-pageSize)));
      body.set(pcBias, i64.sub(page, i64.extendU(i32.shrU(records, i32.constant(3)))));
    });
    body.set(passedStop, select(get(overStop), get(record), zero));
    body.set(overStop, zero);
    body.block((jump) => {
      body.loop((next) => writeDispatch(body, memory, { ...variables, next, jump, leave }));
    });
    body.branch(lookup);
  });
}

/** Executes `record`: a branch table inside as many blocks as there are handlers, each of which ends where its handler begins. */
function writeDispatch(body: FunctionBody, memory: LinearMemory, loop: Loop & Variables): void {
  const writers = [...specialHandlers(body, loop), ...handlers.map((handler) => () => writeHandler(body, memory, loop, handler))];
  const labels: Label[] = [];
  // The stop is innermost, so that it can branch to every other handler.
  const inwards = writers.map((_, number) => number).filter((number) => number !== specialHandler.stop);
  nest([...inwards, specialHandler.stop]);

  function nest([number, ...inner]: readonly number[]): void {
    if (number === undefined) {
      writeBranchTable();
      return;
    }
    body.block((label) => {
      labels[number] = label;
      nest(inner);
    });
    if (number === specialHandler.stop) writeStop(body, loop, labels);
    else body.scope(writers[number]!);
  }

  function writeBranchTable(): void {
    body.set(loop.fuel, i32.sub(get(loop.fuel), i32.constant(1)));
    body.if(i32.ltS(get(loop.fuel), zero), () => writeLeave(body, loop, exit.budget));
    body.branchTable(labels, labels[specialHandler.notDecoded]!, i32.load16U(get(loop.record), recordField.handler));
  }
}

function specialHandlers(body: FunctionBody, loop: Loop): (() => void)[] {
  const writers: (() => void)[] = [];
  writers[specialHandler.notDecoded] = () => writeLeave(body, loop, exit.notDecoded);
  writers[specialHandler.illegal] = () => {
    body.store64(zero, i64.load32U(get(loop.record), recordField.immediate), hartAt.faultValue);
    writeLeave(body, loop, exit.illegal);
  };
  writers[specialHandler.pageEnd] = () => {
    body.set(loop.fuel, i32.add(get(loop.fuel), i32.constant(1)));
    body.set(loop.target, pcOf(loop));
    body.branch(loop.jump);
  };
  writers[specialHandler.stop] = () => {};
  return writers;
}

function writeStop(body: FunctionBody, loop: Loop & Variables, labels: readonly Label[]): void {
  const { record, passedStop } = loop;
  body.if(i32.ne(get(record), get(passedStop)), () => writeLeave(body, loop, exit.stop));
  body.set(passedStop, zero);
  const others = labels.map((label, number) => (number === specialHandler.stop ? labels[specialHandler.notDecoded]! : label));
  body.branchTable(others, labels[specialHandler.notDecoded]!, i32.load16U(get(record), recordField.original));
}

function writeHandler(body: FunctionBody, memory: LinearMemory, loop: Loop, handler: Handler): void {
  semantics[handler.meaning](new InterpreterEmitter(body, loop, memory, handler));
  body.set(loop.record, i32.add(get(loop.record), i32.constant((handler.length / 2) * recordSize)));
  body.branch(loop.next);
}

function writeLeave(body: FunctionBody, loop: Loop, code: number): void {
  body.set(loop.exit, i32.constant(code));
  body.branch(loop.leave);
}
