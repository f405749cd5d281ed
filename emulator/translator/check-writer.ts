import type { LinearMemory } from '../linear-memory';
import { type I32, type I64, i32, i64 } from '../wasm/expression';
import type { FunctionBody } from '../wasm/function-body';
import type { Check } from './nearby-accesses';
import type { Expectation } from './sites';

const zero = i32.constant(0);

/** Writes the check of accesses beside the value of a register; does what `leave` writes unless all bytes may be accessed. */
export function writeCheck(
  body: FunctionBody,
  memory: LinearMemory,
  where: Expectation,
  check: Check,
  value: I64,
  leave: () => void,
): void {
  const { run, cell, everywhere } = where;
  const length = check.high - check.low;
  const elsewhere = () => checkPermissions(body, memory, i64.add(value, i64.constant(check.low)), length, check.bits, leave);
  if (cell !== undefined) {
    const beside = i64.sub(value, i64.load(zero, cell));
    body.if(i64.geU(beside, i64.load(zero, cell + 8)), everywhere ? elsewhere : leave);
    return;
  }
  if (!run || run.end - run.start < length) {
    elsewhere();
    return;
  }
  const distance = i64.add(value, i64.constant(difference(check.low, memory.signedAddressOf(run.start))));
  const outside = i64.gtU(distance, i64.constant(run.end - run.start - length));
  body.if(outside, everywhere ? elsewhere : leave);
}

function difference(low: number, start: number | bigint): number | bigint {
  return typeof start === 'number' ? low - start : BigInt(low) - start;
}

/** Looks at the permissions of the pages, of which there are at most two. */
function checkPermissions(body: FunctionBody, memory: LinearMemory, address: I64, length: number, bits: number, leave: () => void): void {
  const { base, size, permissionsAt } = memory;
  body.block((granted) => {
    body.block((denied) => {
      body.scope(() => {
        const wide = body.hold(i64.sub(address, i64.constant(base)));
        body.branchIf(denied, i64.gtU(wide, i64.constant(size - length)));
        const first = body.hold(i32.wrap(wide));
        const permissionsOf = (place: I32) => i32.load8U(i32.shrU(place, i32.constant(12)), permissionsAt);
        const both = i32.and(permissionsOf(first), permissionsOf(i32.add(first, i32.constant(length - 1))));
        body.branchIf(granted, i32.eq(i32.and(both, i32.constant(bits)), i32.constant(bits)));
      });
    });
    leave();
  });
}
