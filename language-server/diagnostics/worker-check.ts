import { Worker } from 'node:worker_threads';
import type { BackgroundCheck } from './background-check';
import type { ProblemsByLine } from './check-document';
import type { CheckAnswer, CheckRequest } from './check-worker';

/** Checks in a worker thread, whose bundle is at `script`; the worker gets the texts of a document and of all it belongs with. */
export function workerCheck(script: string): BackgroundCheck {
  const waiting = new Map<number, (problems: ProblemsByLine) => void>();
  let worker: Worker | undefined;
  let count = 0;
  const start = () => {
    const started = new Worker(script, { name: 'riscv-ftrace assembly check' });
    started.unref();
    started.on('message', ({ id, problems }: CheckAnswer) => {
      waiting.get(id)?.(problems);
      waiting.delete(id);
      // A long document leaves much memory behind, which is given back with the thread.
      if (waiting.size > 0) return;
      worker = undefined;
      void started.terminate();
    });
    // A check that fails finds nothing; the next one starts a new worker.
    const end = () => {
      if (worker !== started) return;
      worker = undefined;
      for (const answer of waiting.values()) answer(new Map());
      waiting.clear();
    };
    started.on('error', end);
    started.on('exit', end);
    return started;
  };
  return {
    check: (workspace, document, isa) =>
      new Promise((resolve) => {
        worker ??= start();
        const id = ++count;
        waiting.set(id, resolve);
        const sources = [...workspace.documents]
          .filter((each) => each === document || each.lines.length < mostLinesOfOthers)
          .map((each) => ({ uri: each.uri, text: each.text, isChecked: each === document }));
        worker.postMessage({ id, sources, isa } satisfies CheckRequest);
      }),
  };
}

const mostLinesOfOthers = 20_000;
