import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { openEngine } from './open-bundle';
import { serveEditors } from './serve-editors';

/** Starts the adapter: by itself, where it has this file for the threads of its sessions; in such a thread from what is kept of it. */
if (parentPort) openEngine(join(__dirname, 'adapter.js'));
else serveEditors(process.argv.slice(2), __filename);
