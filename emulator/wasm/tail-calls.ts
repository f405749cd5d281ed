import { type FunctionBody, get } from './function-body';
import { encodeModule } from './module';

/** Whether the engine knows tail calls (core specification, version 3): V8 does from version 11.2 on. */
export function canTailCall(): boolean {
  can ??= WebAssembly.validate(encodeProbe());
  return can;
}

let can: boolean | undefined;

function encodeProbe(): Uint8Array {
  const write = (body: FunctionBody) => body.tailCall(0, get({ type: 'i32', index: 0 }));
  return encodeModule(0, [{ name: 'probe', parameters: ['i32'], results: ['i32'], write }]);
}
