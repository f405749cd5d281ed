import { Bytes, lengthOfUnsigned } from './bytes';
import type { ValueType } from './expression';
import { FunctionBody, writeTypes } from './function-body';

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A function that the module imports from `host`. */
export interface ImportedFunction extends FunctionType {
  readonly name: string;
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

/** The tables that a module calls through, and the type of all functions in them. */
export interface ImportedTables {
  readonly all: readonly ImportedTable[];
  readonly type: FunctionType;
}

export interface Imports {
  /** The memory may have more pages: code that calls others is the slower for it, as V8 looks where the memory is after each call. */
  readonly orMorePages?: boolean;
  readonly imported?: readonly ImportedFunction[];
  readonly tables?: ImportedTables;
}

/**
 * A binary module that imports the memory `host.memory` of `pages` 64 KiB pages and what else `host` is to have, and exports the
 * functions. Functions are numbered as they come, the imported ones first.
 */
export function encodeModule(pages: number, functions: readonly ModuleFunction[], imports: Imports = {}): Uint8Array {
  const { imported = [], tables: called, orMorePages = false } = imports;
  const tableTypes = called ? [called.type] : [];
  const firstType = tableTypes.length;
  module.clear();
  module.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  writeSection(1, [...tableTypes, ...imported, ...functions], (section, { parameters, results }) => {
    section.byte(0x60);
    writeTypes(section, parameters);
    writeTypes(section, results);
  });
  const limits = orMorePages ? { description: [0x02, 0x00], number: pages } : { description: [0x02, 0x01], number: pages, maximum: pages };
  const memory = { name: 'memory', ...limits };
  const tables = called ? called.all.map(({ name, size }) => ({ name, description: [0x01, 0x70, 0x00], number: size })) : [];
  const others = imported.map(({ name }, index) => ({ name, description: [0x00], number: firstType + index }));
  const all: Import[] = [memory, ...tables, ...others];
  writeSection(2, all, (section, { name, description, number, maximum }) => {
    section.text('host');
    section.text(name);
    section.bytes(description);
    section.unsigned(number);
    if (maximum !== undefined) section.unsigned(maximum);
  });
  writeSection(3, functions, (section, _, index) => section.unsigned(firstType + imported.length + index));
  writeSection(7, functions, (section, { name }, index) => {
    section.text(name);
    section.byte(0x00);
    section.unsigned(imported.length + index);
  });
  writeCode(functions);
  return module.view().slice();
}

interface Import {
  readonly name: string;
  /** The kind of what is imported, and what comes before its number: of a type, or of pages or entries at least, and at most. */
  readonly description: readonly number[];
  readonly number: number;
  readonly maximum?: number;
}

/** The module that is written, a section of it, and its functions: buffers that are used again for the next module. */
const module = new Bytes(1 << 14);
const section = new Bytes();
const code = new Bytes(1 << 14);

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
