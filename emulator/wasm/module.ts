import { sized, text, unsigned, vector } from './binary';
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

/**
 * A binary module that imports the memory `host.memory` of at least `pages` 64 KiB pages and the `imported` functions, and exports the
 * functions. Functions are numbered as they come, the imported ones first.
 */
export function encodeModule(
  pages: number,
  functions: readonly ModuleFunction[],
  { imported = [] }: { readonly imported?: readonly ImportedFunction[] } = {},
): Uint8Array {
  const indices = functions.map((_, index) => unsigned(imported.length + index));
  const memory = [...text('host'), ...text('memory'), 0x02, 0x00, ...unsigned(pages)];
  const imports = imported.map(({ name }, index) => [...text('host'), ...text(name), 0x00, ...unsigned(index)]);
  const bodies = functions.map(({ parameters, write }) => {
    const body = new FunctionBody(parameters);
    write(body);
    return body.encode();
  });
  const bytes = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, vector([...imported, ...functions].map(encodeType))),
    section(2, vector([memory, ...imports])),
    section(3, vector(indices)),
    section(7, vector(functions.map(({ name }, index) => [...text(name), 0x00, ...indices[index]!]))),
    section(10, vector(bodies)),
  ];
  return new Uint8Array(bytes.flat());
}

function encodeType({ parameters, results }: FunctionType): number[] {
  return [0x60, ...vector(typeCodes(parameters)), ...vector(typeCodes(results))];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}
