import { sized, sizedParts, text, unsigned, vector } from './binary';
import type { ValueType } from './expression';
import { FunctionBody, typeCodes } from './function-body';

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

/** The table of functions `host.table` that a module calls through: how many it has at least, and the type of all of them. */
export interface ImportedTable {
  readonly size: number;
  readonly type: FunctionType;
}

export interface Imports {
  readonly imported?: readonly ImportedFunction[];
  readonly table?: ImportedTable;
}

/** The index of the type of a table's functions. */
export const tableTypeIndex = 0;

/**
 * A binary module that imports the memory `host.memory` of at least `pages` 64 KiB pages and what else `host` is to have, and exports the
 * functions. Functions are numbered as they come, the imported ones first.
 */
export function encodeModule(pages: number, functions: readonly ModuleFunction[], imports: Imports = {}): Uint8Array {
  const { imported = [], table } = imports;
  const tableTypes = table ? [table.type] : [];
  const firstType = tableTypes.length;
  const importOf = (name: string, ...description: readonly number[]) => [...text('host'), ...text(name), ...description];
  const importEntries = [
    importOf('memory', 0x02, 0x00, ...unsigned(pages)),
    ...(table ? [importOf('table', 0x01, 0x70, 0x00, ...unsigned(table.size))] : []),
    ...imported.map(({ name }, index) => importOf(name, 0x00, ...unsigned(firstType + index))),
  ];
  const bodies = functions.flatMap(({ parameters, write }) => {
    const body = new FunctionBody(parameters);
    write(body);
    return body.encode();
  });
  const parts = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, vector([...tableTypes, ...imported, ...functions].map(encodeType))),
    section(2, vector(importEntries)),
    section(3, vector(functions.map((_, index) => unsigned(firstType + imported.length + index)))),
    section(7, vector(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(imported.length + index)]))),
    [10],
    ...sizedParts([unsigned(functions.length), ...bodies]),
  ];
  return joined(parts);
}

function joined(parts: readonly (readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function encodeType({ parameters, results }: FunctionType): number[] {
  return [0x60, ...vector(typeCodes(parameters)), ...vector(typeCodes(results))];
}

function section(id: number, content: readonly number[]): number[] {
  return [id].concat(sized(content));
}
