import { Worker } from 'node:worker_threads';
import type { BackgroundCheck } from './background-check';
import type { ProblemsByLine } from './check-document';
import type { CheckAnswer, CheckRequest } from './check-worker';

/**
 * Megabytes of a worker's heap. Most sources fit into the first, in which the engine collects what is no longer needed before it asks
 * for more; what needs more is checked again with the second.
 */
const heaps = [
  { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 72 },
  { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 2048 },
] as const;

interface Waiting {
  readonly request: CheckRequest;
  readonly heap: 0 | 1;
  readonly resolve: (problems: ProblemsByLine) => void;
}

/** Checks in a worker thread, whose bundle is at `script`; the worker gets the texts of a document and of all it belongs with. */
export function workerCheck(script: string): BackgroundCheck {
  const waiting = new Map<number, Waiting>();
  const workers: (Worker | undefined)[] = [];
  let count = 0;
  const start = (heap: 0 | 1) => {
    const started = new Worker(script, { name: 'riscv-ftrace assembly check', resourceLimits: heaps[heap] });
    const own = () => [...waiting.values()].filter((one) => one.heap === heap);
    started.unref();
    started.on('message', ({ id, problems }: CheckAnswer) => {
      waiting.get(id)?.resolve(problems);
      waiting.delete(id);
      // A long document leaves much memory behind, which is given back with the thread.
      if (own().length > 0) return;
      workers[heap] = undefined;
      void started.terminate();
    });
    // What did not fit is tried with more; a check that fails all the same finds nothing. The next one starts a new worker.
    let needsMore = false;
    const end = () => {
      if (workers[heap] !== started) return;
      workers[heap] = undefined;
      for (const one of own()) {
        waiting.delete(one.request.id);
        if (needsMore && heap === 0) send({ ...one, heap: 1 });
        else one.resolve(new Map());
      }
    };
    started.on('error', (error) => {
      needsMore = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      end();
    });
    started.on('exit', end);
    return started;
  };
  const send = (one: Waiting) => {
    waiting.set(one.request.id, one);
    workers[one.heap] ??= start(one.heap);
    workers[one.heap]!.postMessage(one.request);
  };
  return {
    check: (workspace, document, isa) =>
      new Promise((resolve) => {
        const sources = [...workspace.documents]
          .filter((each) => each === document || each.lines.length < mostLinesOfOthers)
          .map((each) => ({ uri: each.uri, text: each.text, isChecked: each === document }));
        send({ request: { id: ++count, sources, isa }, heap: 0, resolve });
      }),
  };
}

const mostLinesOfOthers = 20_000;
