import { routineNames, routineSignatures } from '../float/routine-types';
import type { Routines } from '../float/routines';
import { hartAt, type LinearMemory, pageSize, recordSize } from '../linear-memory';
import { lookUpSlot } from '../translator/go-on';
import { frameOf, interpreterTables, regionExit, regionStack, regionType, stopped } from '../translator/region-interface';
import { i32, i64, select } from '../wasm/expression';
import { type FunctionBody, get, type Label, type Local } from '../wasm/function-body';
import { keptOr } from '../wasm/kept-modules';
import { encodeModule, type ImportedTables } from '../wasm/module';
import { writeDispatchTree } from './dispatch-tree';
import { firstHandler, frequentHandlers, groupOf, handlers, outerGroups } from './handlers';
import { type CodeAlignment, countHot, type Loop, pcOf, writeHandler } from './interpreter-emitter';
import { executeIndex, outerFunction, writeOuterCall } from './outer-handlers';
import { exit, recordField, specialHandler } from './record';

/**
 * Executes at most `fuel` instructions and says why it came back: a value of `exit`, with more about a faulting access above bit 8. pc, instret and fuel are then those before the instruction that was not executed. `over` is a sum of values of `over`.
 */
export type Interpret = (over: number) => number;

export interface Interpreter {
  readonly interpret: Interpret;
  /** A function of `regionType`: the interpreter in the place of a region, from `hartAt.pc` until it comes to `hartAt.returnTo`. */
  readonly inPlace: unknown;
}

/** What stands before the first instruction and does not count. */
export const over = { stop: 1, region: 2 } as const;

/** Calls `compile`, and has the engine leave the WebAssembly functions that it compiles meanwhile as they are, however often they run. */
export type InBaseline = <Result>(compile: () => Result) => Result;

export interface InterpreterOptions {
  readonly alignment: CodeAlignment;
  /** Whether it comes back after each region. */
  readonly watchesRegions: boolean;
  /**
   * How to keep the engine from optimising it, if that is wanted: that takes as long as interpreting five million instructions, and its
   * time comes after a few hundred.
   */
  readonly inBaseline: InBaseline | undefined;
}

/**
 * Makes the interpreter of a machine: a dispatch loop over decoded instructions, with the place and size of its memory and the
 * alignment of its code built in.
 */
export function makeInterpreter(
  memory: LinearMemory,
  table: WebAssembly.Table,
  routines: Routines,
  { alignment, watchesRegions, inBaseline }: InterpreterOptions,
): Interpreter {
  const { base, size, codePages, writtenAt } = memory;
  const layout = `${base} ${size} ${codePages} ${alignment} ${watchesRegions} ${writtenAt}`;
  const bytes = () => keptOr(`interpreter ${layout}`, () => encode(memory, alignment, watchesRegions));
  const imports = { host: { memory: memory.memory, table, routines: tableOf(routines) } };
  if (inBaseline) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(marked(bytes())), imports);
    const interpreter = instance.exports as unknown as Interpreter;
    inBaseline(() => compileNow(interpreter.interpret, memory));
    return interpreter;
  }
  if (layout !== latest?.layout) latest = { layout, module: new WebAssembly.Module(bytes()) };
  return new WebAssembly.Instance(latest.module, imports).exports as unknown as Interpreter;
}

/** The module that was made last: a program that is started again has the same layout. */
let latest: { readonly layout: string; readonly module: WebAssembly.Module } | undefined;

/** The module with an empty custom section `b`: the engine would take equal bytes for the same module, with the code that it has of it. */
function marked(module: Uint8Array): Uint8Array {
  const mark = [0, 2, 1, 'b'.charCodeAt(0)];
  const bytes = new Uint8Array(module.length + mark.length);
  bytes.set(module);
  bytes.set(mark, module.length);
  return bytes;
}

/** Engines compile a function when it is first called: calls the interpreter where there is no code, and leaves the hart as it was. */
function compileNow(interpret: Interpret, { doublewords, words }: LinearMemory): void {
  const state = [hartAt.pc, hartAt.instret, hartAt.end, hartAt.from].map((at) => [at >> 3, doublewords[at >> 3]!] as const);
  const fuel = words[hartAt.fuel >> 2]!;
  doublewords[hartAt.pc >> 3] = 1n;
  words[hartAt.fuel >> 2] = 0;
  interpret(0);
  for (const [index, value] of state) doublewords[index] = value;
  words[hartAt.fuel >> 2] = fuel;
}

/** Regions, and the routines by their numbers. */
const tables: ImportedTables = {
  all: [...interpreterTables.all, { name: 'routines', size: routineNames.length }],
  types: [...interpreterTables.types, ...routineSignatures],
};

function tableOf(routines: Routines): WebAssembly.Table {
  const table = new WebAssembly.Table({ element: 'anyfunc', initial: routineNames.length, maximum: routineNames.length });
  routineNames.forEach((name, number) => {
    table.set(number, routines[name]);
  });
  return table;
}

function encode(memory: LinearMemory, alignment: CodeAlignment, watchesRegions: boolean): Uint8Array {
  const write = (body: FunctionBody) => writeExecute(body, memory, alignment, watchesRegions);
  const functions = [
    { name: 'execute', parameters: ['i32', 'i64', 'i32'], results: ['i32'], write } as const,
    ...outerGroups.map((group) => outerFunction(group, memory, alignment)),
    { name: 'interpret', parameters: ['i32'], results: ['i32'], write: writeInterpret } as const,
    { name: 'inPlace', ...regionType, write: writeInPlace },
  ];
  return encodeModule(memory.wasmPages, functions, { tables });
}

interface Variables extends Omit<Loop, 'next' | 'jump' | 'leave'> {
  /** 1 where a region went to the target. */
  readonly fromRegion: Local<'i32'>;
  readonly regionFuel: Local<'i32'>;
  /** The slot of the region that is run. */
  readonly slot: Local<'i32'>;
  readonly alignment: CodeAlignment;
  readonly watchesRegions: boolean;
}

const zero = i32.constant(0);
const one = i32.constant(1);
/** What does not count at the next record. */
const pass = { type: 'i32', index: 0 } as const;
/** Where it is to come back to, in the place of a region; else `nowhere`. */
const returnTo = { type: 'i64', index: 1 } as const;
const nowhere = -1n;
/** Bytes of the host's stack for the regions that it calls. */
const stack = { type: 'i32', index: 2 } as const;
/** Bytes that it takes of that in the place of a region. */
const ownFrame = frameOf(1000);

/** Executes from where the hart is, for the host. */
function writeInterpret(body: FunctionBody): void {
  const result = body.local('i32');
  body.store(zero, zero, hartAt.passedStop);
  body.store(zero, zero, hartAt.passedRegion);
  body.store64(zero, i64.add(i64.load(zero, hartAt.instret), i64.extendU(i32.load(zero, hartAt.fuel))), hartAt.end);
  body.call([result], executeIndex, get(pass), i64.constant(nowhere), i32.constant(regionStack));
  body.return(get(result));
}

/** Executes from where the hart is, for a region that called what has no region or went on outside of it. */
function writeInPlace(body: FunctionBody): void {
  const [fuel, room] = [{ type: 'i32', index: 0 } as const, { type: 'i32', index: 1 } as const];
  const result = body.local('i32');
  const backTo = body.local('i64');
  body.set(backTo, i64.load(zero, hartAt.returnTo));
  body.store(zero, get(fuel), hartAt.fuel);
  body.call([result], executeIndex, zero, get(backTo), i32.sub(get(room), i32.constant(ownFrame)));
  body.if(i32.eq(get(result), i32.constant(exit.returned)), () => body.return(get(backTo), i32.load(zero, hartAt.fuel)));
  body.store(zero, get(result), hartAt.stopped);
  body.return(i64.constant(stopped), i32.load(zero, hartAt.fuel));
}

function writeExecute(body: FunctionBody, memory: LinearMemory, alignment: CodeAlignment, watchesRegions: boolean): void {
  const variables: Variables = {
    record: body.local('i32'),
    pcBias: body.local('i64'),
    target: body.local('i64'),
    fuel: body.local('i32'),
    exit: body.local('i32'),
    counted: body.local('i32'),
    fromRegion: body.local('i32'),
    regionFuel: body.local('i32'),
    slot: body.local('i32'),
    alignment,
    watchesRegions,
  };
  const { target, fuel } = variables;
  body.set(target, i64.load(zero, hartAt.pc));
  body.set(fuel, i32.load(zero, hartAt.fuel));
  body.set(variables.counted, one);
  body.set(variables.fromRegion, i64.ne(get(returnTo), i64.constant(nowhere)));
  body.block((leave) => {
    body.block((notDecoded) => {
      writeLookup(body, memory, variables, notDecoded, leave);
    });
    body.store64(zero, get(target), hartAt.pc);
    const jumpFrom = i64.add(i64.constant(memory.base), i64.load32U(zero, hartAt.jumpFrom));
    body.store64(zero, select(get(variables.fromRegion), jumpFrom, pcOf(variables)), hartAt.from);
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
  const { record, pcBias, target, counted, fromRegion } = variables;
  body.loop((lookup) => {
    body.if(i64.eq(get(target), get(returnTo)), () => writeEnd(body, variables, exit.returned));
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
    body.if(get(counted), () => {
      body.set(counted, zero);
      body.scope(() =>
        countHot(body, memory, record, () => {
          body.set(variables.fuel, i32.sub(get(variables.fuel), one));
          writeLeave(body, { ...variables, leave }, exit.hot);
        }),
      );
    });
    body.set(fromRegion, zero);
    body.if(get(pass), () => {
      body.store(zero, select(i32.and(get(pass), i32.constant(over.stop)), get(record), zero), hartAt.passedStop);
      body.store(zero, select(i32.and(get(pass), i32.constant(over.region)), get(record), zero), hartAt.passedRegion);
      body.set(pass, zero);
    });
    body.block((jump) => {
      body.loop((next) => writeDispatch(body, memory, { ...variables, next, jump, leave }));
    });
    body.branch(lookup);
  });
}

/**
 * Executes `record`: comparisons and a branch table inside as many blocks as there are handlers and groups, each of which ends where its
 * handler begins.
 */
function writeDispatch(body: FunctionBody, memory: LinearMemory, loop: Loop & Variables): void {
  const labels: Label[] = [];
  const writers: { readonly numbers: readonly number[]; readonly write: () => void }[] = specialHandlers(body, loop);
  handlers.forEach((handler, index) => {
    if (groupOf(handler.meaning)) return;
    writers.push({ numbers: [firstHandler + index], write: () => writeHandler(body, memory, loop, handler, loop.alignment) });
  });
  for (const group of outerGroups) {
    const numbers = handlers.flatMap((handler, index) => (groupOf(handler.meaning) === group ? [firstHandler + index] : []));
    writers.push({ numbers, write: () => writeOuterCall(body, loop, group) });
  }
  // A stop and a region are innermost, so that they can branch to every other handler.
  const { stop, region, hookRegion } = specialHandler;
  writers.push({ numbers: [region], write: () => writeRegion(body, memory, loop, labels) });
  writers.push({ numbers: [hookRegion], write: () => writeHookRegion(body, loop, labels) });
  writers.push({ numbers: [stop], write: () => writeStop(body, loop, labels) });
  nest(0);

  function nest(depth: number): void {
    const writer = writers[depth];
    if (!writer) {
      writeBranchTable();
      return;
    }
    body.block((label) => {
      for (const number of writer.numbers) labels[number] = label;
      nest(depth + 1);
    });
    body.scope(writer.write);
  }

  function writeBranchTable(): void {
    body.set(loop.fuel, i32.sub(get(loop.fuel), i32.constant(1)));
    body.if(i32.ltS(get(loop.fuel), zero), () => writeLeave(body, loop, exit.budget));
    const handler = body.hold(i32.load16U(get(loop.record), recordField.handler));
    const frequent = frequentHandlers.map(([, , , frequency], index) => ({ label: labels[firstHandler + index]!, frequency }));
    const isFrequent = i32.ltU(i32.sub(handler, i32.constant(firstHandler)), i32.constant(frequent.length));
    body.if(isFrequent, () => writeDispatchTree(body, handler, firstHandler, frequent));
    body.branchTable(labels, labels[specialHandler.notDecoded]!, handler);
  }
}

function specialHandlers(body: FunctionBody, loop: Loop): { numbers: number[]; write: () => void }[] {
  const { notDecoded, illegal, pageEnd } = specialHandler;
  const writeIllegal = () => {
    body.store64(zero, i64.load32U(get(loop.record), recordField.immediate), hartAt.faultValue);
    writeLeave(body, loop, exit.illegal);
  };
  const writePageEnd = () => {
    body.set(loop.fuel, i32.add(get(loop.fuel), i32.constant(1)));
    body.set(loop.target, pcOf(loop));
    body.branch(loop.jump);
  };
  return [
    { numbers: [notDecoded], write: () => writeLeave(body, loop, exit.notDecoded) },
    { numbers: [illegal], write: writeIllegal },
    { numbers: [pageEnd], write: writePageEnd },
  ];
}

function writeStop(body: FunctionBody, loop: Loop & Variables, labels: readonly Label[]): void {
  body.if(i32.ne(get(loop.record), i32.load(zero, hartAt.passedStop)), () => writeLeave(body, loop, exit.stop));
  body.store(zero, zero, hartAt.passedStop);
  writeOriginal(body, loop, labels);
}

/** Runs the region of a native hook and its instruction, unless the hook's callback was called instead. */
function writeHookRegion(body: FunctionBody, loop: Loop & Variables, labels: readonly Label[]): void {
  body.if(i32.ne(get(loop.record), i32.load(zero, hartAt.passedStop)), () => {
    body.store(zero, zero, hartAt.passedRegion);
    body.branch(labels[specialHandler.region]!);
  });
  body.store(zero, zero, hartAt.passedStop);
  writeOriginal(body, loop, labels);
}

/**
 * Runs the region that begins at the record and those that follow it, and goes where the last one went; where that was left for the
 * interpreter, over the region there.
 */
function writeRegion(body: FunctionBody, memory: LinearMemory, loop: Loop & Variables, labels: readonly Label[]): void {
  const { record, target, fuel, slot, regionFuel, fromRegion, counted } = loop;
  const writeWatched = (code: number): void => {
    if (!loop.watchesRegions) return;
    body.store64(zero, get(target), hartAt.pc);
    writeEnd(body, loop, code);
  };
  body.if(i32.ne(get(record), i32.load(zero, hartAt.passedRegion)), () => {
    const place = i32.shrU(i32.sub(get(record), i32.constant(memory.poolAt)), i32.constant(3));
    body.set(slot, i32.load16U(place, memory.slotsAt));
    body.set(target, pcOf(loop));
    body.set(fuel, i32.add(get(fuel), one));
    body.set(fromRegion, one);
    body.set(counted, one);
    body.loop((again) => {
      body.store64(zero, get(target), hartAt.pc);
      body.callIndirect([target, regionFuel], { table: 0, type: 0 }, get(slot), get(fuel), get(stack));
      body.set(fuel, get(regionFuel));
      body.if(i32.wrap(i64.and(get(target), i64.constant(1n))), () => {
        body.if(i64.eq(get(target), i64.constant(stopped)), () => body.return(i32.load(zero, hartAt.stopped)));
        body.set(target, i64.sub(get(target), i64.constant(1n)));
        body.set(pass, i32.constant(over.region));
        body.set(counted, zero);
        body.scope(() => {
          const reason = body.hold(i32.shl(i32.load(zero, hartAt.regionExit), i32.constant(3)));
          body.store64(reason, i64.add(i64.load(reason, hartAt.regionExits), i64.constant(1n)), hartAt.regionExits);
          for (const [name, code] of [
            ['check', exit.regionCheck],
            ['float', exit.regionFloat],
            ['indirect', exit.regionIndirect],
            ['hook', exit.regionHook],
          ] as const) {
            body.if(i32.eq(reason, i32.constant(regionExit[name] << 3)), () => {
              body.store64(zero, get(target), hartAt.pc);
              writeEnd(body, loop, code);
            });
          }
          writeWatched(exit.regionLeft);
        });
        body.branch(loop.jump);
      });
      writeWatched(exit.regionJumped);
      // What follows is mostly another region: by way of its record that would take several times as long.
      body.branchIf(loop.jump, i64.eq(get(target), get(returnTo)));
      lookUpSlot(body, memory, target, slot, loop.jump);
      body.branchIf(again, get(slot));
    });
    body.branch(loop.jump);
  });
  body.store(zero, zero, hartAt.passedRegion);
  writeOriginal(body, loop, labels);
}

/** Executes the instruction before which a stop or region stands. */
function writeOriginal(body: FunctionBody, { record }: Loop, labels: readonly Label[]): void {
  const { notDecoded, stop, region, hookRegion } = specialHandler;
  const above: readonly number[] = [stop, region, hookRegion];
  const others = labels.map((label, number) => (above.includes(number) ? labels[notDecoded]! : label));
  body.branchTable(others, labels[notDecoded]!, i32.load16U(get(record), recordField.original));
}

function writeLeave(body: FunctionBody, loop: Pick<Loop, 'exit' | 'leave'>, code: number): void {
  body.set(loop.exit, i32.constant(code));
  body.branch(loop.leave);
}
