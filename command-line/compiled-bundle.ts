import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** A bundle as a script whose code V8 need not make again, where it was kept from the same text, V8 and flags. */
export class CompiledBundle {
  readonly #source: Buffer;
  readonly #script: Script;

  /** Throws where the bundle cannot be read. `compiled` is what an earlier process got of `compiled()`. */
  constructor(
    private readonly path: string,
    compiled?: Buffer,
  ) {
    this.#source = readFileSync(path);
    // V8 compares the length of the text alone.
    const isSame = compiled?.subarray(0, this.#source.length).equals(this.#source);
    const cachedData = isSame ? compiled?.subarray(this.#source.length) : undefined;
    this.#script = new Script(Module.wrap(this.#source.toString()), { filename: path, ...(cachedData && { cachedData }) });
  }

  /** Whether V8 has taken the code that was kept. */
  get startsFromCode(): boolean {
    return this.#script.cachedDataRejected === false;
  }

  /** What the bundle exports. */
  run(): unknown {
    const bundle = { exports: {} };
    this.#script.runInThisContext()(bundle.exports, createRequire(this.path), bundle, this.path, dirname(this.path));
    return bundle.exports;
  }

  /** The bundle, and V8's code of the functions of it that have run. */
  compiled(): Buffer {
    return Buffer.concat([this.#source, this.#script.createCachedData()]);
  }
}

/** Where the compiled form of a bundle is kept, if any. */
export function compiledPath(path: string): string {
  return `${path}.compiled`;
}
