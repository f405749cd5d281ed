import { sized, text, unsigned, vector } from './binary';
import type { ValueType } from './expression';
import { FunctionBody, typeCodes } from './function-body';

export interface ModuleFunction {
  /** The name it is exported under. */
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly write: (body: FunctionBody) => void;
}

/** A binary module that imports the memory `host.memory` of `pages` 64 KiB pages and exports the functions. */
export function encodeModule(pages: number, functions: readonly ModuleFunction[]): Uint8Array {
  const indices = functions.map((_, index) => unsigned(index));
  const types = functions.map((one) => [0x60, ...vector(typeCodes(one.parameters)), ...vector(typeCodes(one.results))]);
  const memory = [...text('host'), ...text('memory'), 0x02, 0x00, ...unsigned(pages)];
  const bodies = functions.map(({ parameters, write }) => {
    const body = new FunctionBody(parameters);
    write(body);
    return body.encode();
  });
  const bytes = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, vector(types)),
    section(2, vector([memory])),
    section(3, vector(indices)),
    section(7, vector(functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
    section(10, vector(bodies)),
  ];
  return new Uint8Array(bytes.flat());
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}
