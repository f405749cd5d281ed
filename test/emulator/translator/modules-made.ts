import makeWabt from 'wabt';

/** The bytes of the modules of regions that are made while an action runs. */
export function modulesMade(action: () => void): Uint8Array[] {
  const { Module } = WebAssembly;
  const made: Uint8Array[] = [];
  class Watched extends Module {
    constructor(bytes: Uint8Array) {
      super(bytes);
      if (Buffer.from(bytes).includes('region')) made.push(bytes);
    }
  }
  WebAssembly.Module = Watched as typeof Module;
  try {
    action();
  } finally {
    WebAssembly.Module = Module;
  }
  return made;
}

/** The text of a module. */
export async function textOf(module: Uint8Array, { foldExprs = false } = {}): Promise<string> {
  const { readWasm } = await makeWabt();
  return readWasm(module, { readDebugNames: false, tail_call: true }).toText({ foldExprs, inlineExport: false });
}
