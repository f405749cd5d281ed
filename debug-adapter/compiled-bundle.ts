import { isAscii } from 'node:buffer';
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** A bundle as a script whose code V8 need not make again, where it was kept from the same text, V8 and flags. */
export class CompiledBundle {
  /** What tells this text from every other; empty where it is not sealed. */
  readonly seal: string;
  readonly #script: Script;

  /** Throws where the bundle cannot be read. `compiled` is what an earlier process got of `compiled()`. */
  constructor(
    private readonly path: string,
    compiled?: Buffer,
  ) {
    const source = readFileSync(path);
    this.seal = sealOf(source);
    // V8 compares the length of the text alone.
    const isSame = this.seal !== '' && compiled?.toString('latin1', 0, sealLength) === this.seal;
    const cachedData = isSame ? compiled?.subarray(sealLength) : undefined;
    const text = source.toString(isAscii(source) ? 'latin1' : 'utf8');
    this.#script = new Script(Module.wrap(text), { filename: path, ...(cachedData && { cachedData }) });
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

  /** V8's code of the functions that have run. Only a bundle that is sealed can start from it. */
  compiled(): Buffer {
    return Buffer.concat([Buffer.from(this.seal), this.#script.createCachedData()]);
  }
}

/** Hexadecimal digits of a seal. */
const sealLength = 64;

/** A bundle's text with a last line that tells it from every other, so that nobody need compare whole texts; the digest is a SHA-256. */
export function sealed(text: string, digest: string): string {
  return `${text.trimEnd()}\n//${digest}`;
}

function sealOf(source: Buffer): string {
  return /\n\/\/([0-9a-f]{64})$/.exec(source.toString('latin1', Math.max(0, source.length - sealLength - 3)))?.[1] ?? '';
}

/** Where the compiled form of a bundle is kept, if any. */
export function compiledPath(path: string): string {
  return `${path}.compiled`;
}
