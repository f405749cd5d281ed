import { noMember, type PointerType, type RecordType, strip } from '../../types/type';
import { typeName } from '../../types/type-name';

/**
 * A pointer to a member as gdb prints it (gnu-v3-abi.c, `gnuv3_print_method_ptr`; cp-valprint.c, `cp_print_class_member`): `&Shape::id`,
 * `(int (Shape::*)(Shape * const)) 0x1234 <Shape::area()>`, `&virtual Shape::area()`.
 */
export function memberPointerText(type: PointerType, number: bigint, describe: (address: bigint) => string | undefined): string {
  return strip(type.target).kind === 'function' ? methodPointerText(type, number, describe) : dataPointerText(type, number);
}

function dataPointerText(type: PointerType, offset: bigint): string {
  if (offset === noMember) return 'NULL';
  const holder = type.holder && strip(type.holder);
  const name = holder?.kind === 'record' ? memberAt(holder, Number(BigInt.asIntN(64, offset))) : undefined;
  return name === undefined ? String(BigInt.asIntN(64, offset)) : `&${name}`;
}

function methodPointerText(type: PointerType, number: bigint, describe: (address: bigint) => string | undefined): string {
  const code = BigInt.asUintN(64, number);
  const adjustment = BigInt.asIntN(64, number >> 64n);
  if (code === 0n) return 'NULL';
  const shift = adjustment === 0n ? '' : `, this adjustment ${adjustment}`;
  if ((code & 1n) === 0n) {
    const symbol = describe(code);
    return `(${typeName(type)}) 0x${code.toString(16)}${symbol ? ` ${symbol}` : ''}${shift}`;
  }
  const offset = code - 1n;
  const holder = type.holder && strip(type.holder);
  const method = holder?.kind === 'record' ? virtualMethod(holder, Number(offset / 8n), Number(adjustment)) : undefined;
  return method === undefined ? `&virtual table offset ${offset}${shift}` : `&virtual ${method}`;
}

/** The member that starts at an offset, with its class. */
function memberAt(record: RecordType, offset: number, depth = 0, holder = typeName(record)): string | undefined {
  if (depth > deepest) return undefined;
  const own = record.members.find((each) => !each.isBase && !each.bits && each.offset === offset && each.name !== undefined);
  if (own) return `${holder}::${own.name}`;
  for (const { isBase, name, offset: start, type } of record.members) {
    const inner = strip(type);
    if (isBase || name !== undefined || start === undefined || inner.kind !== 'record') continue;
    const found = offset >= start && offset < start + inner.size ? memberAt(inner, offset - start, depth + 1, holder) : undefined;
    if (found) return found;
  }
  const base = baseAt(record, offset);
  return base && memberAt(base.record, offset - base.offset, depth + 1);
}

/** The function in a place of the virtual table of a class, or of the base that starts at the adjustment. */
function virtualMethod(record: RecordType, slot: number, adjustment: number, depth = 0): string | undefined {
  if (depth > deepest) return undefined;
  const own = adjustment === 0 ? record.methods.find((each) => each.slot === slot) : undefined;
  if (own) return own.text;
  const base = baseAt(record, adjustment);
  return base && virtualMethod(base.record, slot, adjustment - base.offset, depth + 1);
}

function baseAt(record: RecordType, offset: number): { readonly record: RecordType; readonly offset: number } | undefined {
  for (const { isBase, offset: start, type } of record.members) {
    const base = strip(type);
    if (!isBase || start === undefined || base.kind !== 'record') continue;
    if (offset >= start && offset < start + base.size) return { record: base, offset: start };
  }
  return undefined;
}

const deepest = 50;
