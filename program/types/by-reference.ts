import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';

/**
 * Whether objects of a class are passed and returned by their address whatever their size, as those are that are not trivial for calls
 * (Itanium C++ ABI, section 1.1). LLVM says so of a class; of GCC's its constructors and destructor tell.
 */
export function isByAddress(record: Entry): boolean {
  return orNothing(() => isNonTrivial(record, 0)) ?? false;
}

/** DW_CC_pass_by_reference and DW_CC_pass_by_value. */
const passByReference = 4;
const passByValue = 5;
/** DW_DEFAULTED_in_class. */
const defaultedInClass = 1;
const records: ReadonlySet<number> = new Set([Tag.structure_type, Tag.class_type, Tag.union_type]);
const wrappings: ReadonlySet<number> = new Set([Tag.typedef, Tag.const_type, Tag.volatile_type]);
const references: ReadonlySet<number> = new Set([Tag.reference_type, Tag.rvalue_reference_type]);
const deepest = 20;

function recordOf(type: Entry | undefined): Entry | undefined {
  let current = type;
  for (let depth = 0; current && wrappings.has(current.tag) && depth < deepest; depth++) current = current.type;
  return current && records.has(current.tag) ? current : undefined;
}

function isNonTrivial(record: Entry, depth: number): boolean {
  const convention = record.number(At.calling_convention);
  if (convention === passByReference || convention === passByValue) return convention === passByReference;
  if (depth > deepest || !record.unit.isCplusplus) return false;
  return record.children.some((each) => {
    if (each.tag === Tag.subprogram) return each.has(At.virtuality) || isOwnCopyOrEnd(each, record);
    if (each.tag === Tag.inheritance && each.has(At.virtuality)) return true;
    if ((each.tag !== Tag.member && each.tag !== Tag.inheritance) || each.flag(At.external)) return false;
    const inner = recordOf(elementOf(each.type));
    return inner !== undefined && isNonTrivial(inner, depth + 1);
  });
}

/** A destructor, or a constructor that copies or moves, of the program's own: neither the compiler's nor deleted. */
function isOwnCopyOrEnd(method: Entry, record: Entry): boolean {
  if (method.flag(At.artificial) || method.flag(At.deleted) || method.number(At.defaulted) === defaultedInClass) return false;
  const { name = '' } = method;
  if (name.startsWith('~')) return true;
  if (name !== record.name?.replace(/<.*$/s, '')) return false;
  const [parameter, ...more] = method.children.filter((each) => each.tag === Tag.formal_parameter && !each.flag(At.artificial));
  const type = more.length === 0 ? parameter?.type : undefined;
  return type !== undefined && references.has(type.tag) && recordOf(type.type) === record;
}

function elementOf(type: Entry | undefined): Entry | undefined {
  return type?.tag === Tag.array_type ? type.type : type;
}
