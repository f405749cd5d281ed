import { Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { accessOf } from './access';
import type { NestedTypedef, TemplateType, Type } from './type';

interface Reader {
  read(entry: Entry): Type;
  typeOf(entry: Entry): Type;
}

/** The typedefs that a class declares, in the order of the entries. */
export function readNestedTypedefs(record: Entry, reader: Reader): NestedTypedef[] {
  return record.children.flatMap((entry): NestedTypedef[] => {
    const type = entry.tag === Tag.typedef && entry.name !== undefined ? reader.read(entry) : undefined;
    return type?.kind === 'typedef' ? [{ name: entry.name!, type, access: accessOf(entry) }] : [];
  });
}

/** The types that a template was given; its values are no types. */
export function readTemplateTypes(record: Entry, reader: Reader): TemplateType[] {
  return record.children.flatMap((entry): TemplateType[] =>
    entry.tag === Tag.template_type_parameter && entry.name !== undefined ? [{ name: entry.name, type: reader.typeOf(entry) }] : [],
  );
}
