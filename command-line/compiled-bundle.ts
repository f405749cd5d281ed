import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** Bytes of SHA-256 of the bundle, before what V8 has made of it. */
const digestSize = 32;

/** A bundle as a script whose code V8 need not make again, where it was kept from the same text, V8 and flags. */
export class CompiledBundle {
  readonly #source: Buffer;
  readonly #script: Script;

  /** Throws where the bundle cannot be read. */
  constructor(
    private readonly path: string,
    compiled?: Buffer,
  ) {
    this.#source = readFileSync(path);
    const same = compiled?.subarray(0, digestSize).equals(this.#digest);
    const cachedData = same ? compiled?.subarray(digestSize) : undefined;
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

  /** What a later process passes as `compiled`: of the functions that have run, the code; of the others, where they are. */
  compiled(): Buffer {
    return Buffer.concat([this.#digest, this.#script.createCachedData()]);
  }

  // V8 compares the length of the text alone.
  get #digest(): Buffer {
    return createHash('sha256').update(this.#source).digest();
  }
}

/** Where the compiled form of a bundle is kept, if any. */
export function compiledPath(path: string): string {
  return `${path}.compiled`;
}
