import { permissionBits } from '../linear-memory';
import { type I32, type I64, i32, i64 } from '../wasm/expression';
import type { HookWriting } from './native-hook';

/** Pages that are mapped, and such that no code is in. */
const required = {
  mapped: { bits: permissionBits.mapped, flipped: 0 },
  data: { bits: permissionBits.mapped | permissionBits.execute, flipped: permissionBits.execute },
};

/** Writes finding the offset in the window of guest memory that begins at an address; goes on only where its pages are of that kind. */
export function writeOffset(writing: HookWriting, address: I64, length: number, kind: 'mapped' | 'data'): I32 {
  const { body, memory, leave } = writing;
  const wide = body.hold(i64.sub(address, i64.constant(memory.base)));
  body.if(i64.gtU(wide, i64.constant(BigInt(memory.size - length))), leave);
  const offset = body.hold(i32.wrap(wide));
  writePageCheck(writing, offset, length, kind);
  return offset;
}

/** Goes on only where the pages, at most two, are of that kind. */
export function writePageCheck({ body, memory, leave }: HookWriting, offset: I32, length: number, kind: 'mapped' | 'data'): void {
  const { bits, flipped } = required[kind];
  const permissionsOf = (place: I32) => {
    const permissions = i32.load8U(i32.shrU(place, i32.constant(12)), memory.permissionsAt);
    return flipped === 0 ? permissions : i32.xor(permissions, i32.constant(flipped));
  };
  const both = i32.and(permissionsOf(offset), permissionsOf(i32.add(offset, i32.constant(length - 1))));
  body.if(i32.ne(i32.and(both, i32.constant(bits)), i32.constant(bits)), leave);
}
