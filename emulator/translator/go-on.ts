import { hartAt, type LinearMemory, pageSize } from '../linear-memory';
import { i32, i64 } from '../wasm/expression';
import { type FunctionBody, get, type Label, type Local } from '../wasm/function-body';
import { keptOr } from '../wasm/kept-modules';
import { encodeModule } from '../wasm/module';
import { frameOf, goOnType, interpreterTables, jumpsInRow, missing, regionStack, regionType } from './region-interface';

/** Bytes of the host's stack that are to be left: less, and the callers are given up. */
const leastStack = regionStack >> 2;
/** Bytes that it takes. */
const frame = frameOf(200);

const zero = i32.constant(0);
const parameters = [
  { type: 'i64', index: 0 },
  { type: 'i32', index: 1 },
  { type: 'i32', index: 2 },
  { type: 'i64', index: 3 },
  { type: 'i64', index: 4 },
  { type: 'i32', index: 5 },
] as const;

/**
 * The function of `goOnType`, and what stands for a region that there is not: `missing` where it would be called, `elsewhere` where it would
 * be gone on at by a tail call. Slot 0 of the table is to hold the interpreter.
 */
export function makeGoOn(memory: LinearMemory, table: WebAssembly.Table): Readonly<Record<'goOn' | 'missing' | 'elsewhere', unknown>> {
  const fuel = { type: 'i32', index: 0 } as const;
  const functions = [
    { name: 'missing', ...regionType, write: (body: FunctionBody) => body.return(i64.constant(missing), get(fuel)) },
    { name: 'elsewhere', ...regionType, write: (body: FunctionBody) => body.return(i64.load(zero, hartAt.pc), get(fuel)) },
    { name: 'goOn', ...goOnType, write: (body: FunctionBody) => writeGoOn(body, memory) },
  ];
  const { wasmPages, base, size, codePages } = memory;
  const layout = `${base} ${size} ${codePages} ${wasmPages}`;
  const bytes = keptOr(`goOn ${layout}`, () => encodeModule(wasmPages, functions, { tables: interpreterTables }));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory: memory.memory, table } });
  return { goOn: exports.goOn, missing: exports.missing, elsewhere: exports.elsewhere };
}

function writeGoOn(body: FunctionBody, memory: LinearMemory): void {
  const [at, fuel, stack, returnTo, called, from] = parameters;
  const slot = body.local('i32');
  body.if(i64.eq(get(at), i64.constant(missing)), () => {
    body.store(zero, get(from), hartAt.jumpFrom);
    body.set(at, get(called));
  });
  body.loop((again) => {
    const isOver = i32.or(i32.wrap(i64.and(get(at), i64.constant(1n))), i32.ltS(get(stack), i32.constant(leastStack)));
    body.if(isOver, () => body.return(get(at), get(fuel)));
    body.set(slot, zero);
    body.block((none) => lookUpSlot(body, memory, at, slot, none));
    body.store64(zero, get(at), hartAt.pc);
    body.if(i32.eqz(get(slot)), () => body.store64(zero, get(returnTo), hartAt.returnTo));
    const within = i32.sub(i32.or(get(stack), i32.constant(jumpsInRow)), i32.constant(frame));
    body.callIndirect([at, fuel], { table: 0, type: 0 }, get(slot), get(fuel), within);
    body.branchIf(again, i64.ne(get(at), get(returnTo)));
  });
  body.return(get(at), get(fuel));
}

/** Sets the slot of the region that begins at an address, 0 where there is none; goes to `none` where there cannot be one. */
export function lookUpSlot(body: FunctionBody, memory: LinearMemory, address: Local<'i64'>, slot: Local<'i32'>, none: Label): void {
  const { base, size, pageTableAt, slotsAt, poolAt } = memory;
  const wide = i64.sub(get(address), i64.constant(base));
  body.branchIf(none, i64.geU(wide, i64.constant(BigInt(size))));
  body.scope(() => {
    const offset = body.hold(i32.wrap(wide));
    const records = body.hold(i32.load(i32.shl(i32.shrU(offset, i32.constant(12)), i32.constant(2)), pageTableAt));
    body.branchIf(none, i32.eqz(records));
    const inPage = i32.and(offset, i32.constant(pageSize - 1));
    const place = i32.add(i32.shrU(i32.sub(records, i32.constant(poolAt)), i32.constant(3)), inPage);
    body.set(slot, i32.load16U(place, slotsAt));
  });
}
