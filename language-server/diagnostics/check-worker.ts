/** The worker thread of `workerCheck`. */
import { parentPort } from 'node:worker_threads';
import type { Isa } from '../../riscv/isa-string';
import { nodeFileAccess } from '../workspace/node-file-access';
import { Workspace } from '../workspace/workspace';
import { checkDocument, type ProblemsByLine } from './check-document';

export interface CheckRequest {
  readonly id: number;
  readonly sources: readonly { readonly uri: string; readonly text: string; readonly isChecked: boolean }[];
  readonly isa: Isa;
}

export interface CheckAnswer {
  readonly id: number;
  readonly problems: ProblemsByLine;
}

parentPort?.on('message', ({ id, sources, isa }: CheckRequest) => {
  const workspace = new Workspace(nodeFileAccess);
  for (const { uri, text } of sources) workspace.opened(uri, text, 0);
  const checked = sources.find(({ isChecked }) => isChecked)!;
  const problems = checkDocument(workspace, workspace.document(checked.uri)!, isa);
  parentPort?.postMessage({ id, problems } satisfies CheckAnswer);
});
