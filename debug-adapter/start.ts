import { join } from 'node:path';
import { openEngine } from './open-bundle';

/** Starts the adapter, by itself or in a worker thread, from what is kept of it. */
openEngine(join(__dirname, 'adapter.js'));
