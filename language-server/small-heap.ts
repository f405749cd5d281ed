import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap near what is in use: a long file leaves much that was needed once, and the engine would collect it only after the heap
 * had grown several times over. Collections are a little more frequent for it. For the whole process, worker threads too.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
  // The young generation stays as small as it begins.
  setFlagsFromString('--semi-space-growth-factor=1');
}
