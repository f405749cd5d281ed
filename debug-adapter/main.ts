import { parentPort } from 'node:worker_threads';
import { enableMultiplyAdd } from './node-engine';
import { serveEditors } from './serve-editors';
import { serveThread } from './session-thread';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

if (parentPort) {
  enableMultiplyAdd();
  serveThread(parentPort);
} else serveEditors(process.argv.slice(2), __filename);
