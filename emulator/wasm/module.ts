import { Bytes, lengthOfUnsigned } from './bytes';
import type { ValueType } from './expression';
import { FunctionBody, writeTypes } from './function-body';

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface ModuleFunction extends FunctionType {
  /** The name it is exported under. */
  readonly name: string;
  readonly write: (body: FunctionBody) => void;
}

/** A table of functions that a module imports from `host`, and how many it has at least. */
export interface ImportedTable {
  readonly name: string;
  readonly size: number;
}

/** The tables that a module calls through, and the types that functions in them have: the first ones of the module, in this order. */
export interface ImportedTables {
  readonly all: readonly ImportedTable[];
  readonly types: readonly FunctionType[];
}

export interface Imports {
  /** The memory may have more pages: code that calls others is the slower for it, as V8 looks where the memory is after each call. */
  readonly orMorePages?: boolean;
  readonly tables?: ImportedTables;
}

/**
 * A binary module that imports the memory `host.memory` of `pages` 64 KiB pages and what else `host` is to have, and exports the
 * functions, which are numbered as they come. It imports no functions: for each that it did V8 would compile a way to JavaScript, whatever
 * is imported then; those of others are called through tables.
 */
export function encodeModule(pages: number, functions: readonly ModuleFunction[], imports: Imports = {}): Uint8Array {
  const { tables = noTables, orMorePages = false } = imports;
  const types = [...tables.types];
  const typeOf = functions.map((one) => placeOfType(types, one));
  module.clear();
  module.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  writeSection(1, types, (section, { parameters, results }) => {
    section.byte(0x60);
    writeTypes(section, parameters);
    writeTypes(section, results);
  });
  const all: Import[] = [
    { name: 'memory', description: [0x02, orMorePages ? 0x00 : 0x01], number: pages, maximum: orMorePages ? undefined : pages },
  ];
  for (const { name, size } of tables.all) all.push({ name, description: [0x01, 0x70, 0x00], number: size, maximum: undefined });
  writeSection(2, all, (section, { name, description, number, maximum }) => {
    section.text('host');
    section.text(name);
    section.bytes(description);
    section.unsigned(number);
    if (maximum !== undefined) section.unsigned(maximum);
  });
  writeSection(3, functions, (section, _, index) => section.unsigned(typeOf[index]!));
  writeSection(7, functions, (section, { name }, index) => {
    section.text(name);
    section.byte(0x00);
    section.unsigned(index);
  });
  writeCode(functions);
  return module.view().slice();
}

const noTables: ImportedTables = { all: [], types: [] };

interface Import {
  readonly name: string;
  /** The kind of what is imported, and what comes before its number: of a type, or of pages or entries at least, and at most. */
  readonly description: readonly number[];
  readonly number: number;
  readonly maximum: number | undefined;
}

/** The module that is written, a section of it, and its functions: buffers that are used again for the next module. */
const module = new Bytes(1 << 14);
const section = new Bytes();
const code = new Bytes(1 << 14);

/** The index of a type that is equal, which is added where there is none. */
export function placeOfType(types: FunctionType[], { parameters, results }: FunctionType): number {
  const place = types.findIndex((one) => isSame(one.parameters, parameters) && isSame(one.results, results));
  return place < 0 ? types.push({ parameters, results }) - 1 : place;
}

function isSame(some: readonly ValueType[], others: readonly ValueType[]): boolean {
  return some === others || (some.length === others.length && some.every((type, index) => type === others[index]));
}

function writeSection<Item>(id: number, items: readonly Item[], write: (section: Bytes, item: Item, index: number) => void): void {
  section.clear();
  section.unsigned(items.length);
  items.forEach((item, index) => {
    write(section, item, index);
  });
  module.byte(id);
  module.unsigned(section.length);
  module.bytes(section.view());
}

function writeCode(functions: readonly ModuleFunction[]): void {
  code.clear();
  const bodies = functions.map(({ parameters, write }) => {
    const body = new FunctionBody(parameters, code);
    write(body);
    body.end();
    return body;
  });
  module.byte(10);
  module.unsigned(bodies.reduce((size, body) => size + body.size, lengthOfUnsigned(bodies.length)));
  module.unsigned(bodies.length);
  for (const body of bodies) body.encode(module);
}
