import { hartAt, type LinearMemory } from '../linear-memory';
import { i32 } from '../wasm/expression';
import { type FunctionBody, get, type Label, type Local } from '../wasm/function-body';
import type { ModuleFunction } from '../wasm/module';
import { firstHandler, groupOf, handlers, type OuterGroup, outerGroups } from './handlers';
import { type CodeAlignment, type Loop, writeHandler } from './interpreter-emitter';
import { recordField } from './record';

/** What the function of a group gives back where its instruction has been executed, before the address of the next record. */
const executed = 1 << 31;

/** The index of the function with the dispatch loop; those of the groups follow it. */
export const executeIndex = 0;

const parameters = {
  record: { type: 'i32', index: 0 },
  pcBias: { type: 'i64', index: 1 },
  fuel: { type: 'i32', index: 2 },
} as const satisfies Partial<Record<keyof Loop, Local<'i32' | 'i64'>>>;

/** The function of a group: executes the instruction at a record and gives back the next record, marked as such, or why it leaves. */
export function outerFunction(group: OuterGroup, memory: LinearMemory, alignment: CodeAlignment): ModuleFunction {
  const write = (body: FunctionBody) => writeOuter(body, group, memory, alignment);
  return { name: group, parameters: ['i32', 'i64', 'i32'], results: ['i32'], write };
}

/** Executes the record of the dispatch loop by the function of its group. */
export function writeOuterCall(body: FunctionBody, loop: Loop, group: OuterGroup): void {
  const index = executeIndex + 1 + outerGroups.indexOf(group);
  // What lives across a call the engine would keep in its frame, and write there for each instruction of the loop.
  body.store(i32.constant(0), get(loop.fuel), hartAt.fuel);
  body.call([loop.exit], index, get(loop.record), get(loop.pcBias), get(loop.fuel));
  body.set(loop.fuel, i32.load(i32.constant(0), hartAt.fuel));
  body.branchIf(loop.leave, i32.geS(get(loop.exit), i32.constant(0)));
  body.set(loop.record, i32.xor(get(loop.exit), i32.constant(executed)));
  body.branch(loop.next);
}

function writeOuter(body: FunctionBody, group: OuterGroup, memory: LinearMemory, alignment: CodeAlignment): void {
  const { record } = parameters;
  const exit = body.local('i32');
  const unused = { target: body.local('i64'), counted: body.local('i32') };
  // The handlers of a group have numbers that follow each other.
  const first = handlers.findIndex((handler) => groupOf(handler.meaning) === group);
  const members = handlers.filter((handler) => groupOf(handler.meaning) === group);
  body.block((leave) => {
    body.block((next) => {
      // Nothing in a group jumps.
      const loop: Loop = { ...parameters, ...unused, exit, next, leave, jump: leave };
      const labels: Label[] = [];
      const nest = (depth: number): void => {
        const handler = members[depth];
        if (!handler) {
          // The record's own handler may have a stop or region before it.
          const number = i32.load16U(get(record), recordField.original);
          body.branchTable(labels, leave, i32.sub(number, i32.constant(firstHandler + first)));
          return;
        }
        body.block((label) => {
          labels.push(label);
          nest(depth + 1);
        });
        body.scope(() => writeHandler(body, memory, loop, handler, alignment));
      };
      nest(0);
    });
    body.return(i32.or(get(record), i32.constant(executed)));
  });
  body.return(get(exit));
}
