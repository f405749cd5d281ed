import type { Isa } from '../../riscv/isa-string';
import type { AssemblyDocument } from '../document/assembly-document';
import type { Workspace } from '../workspace/workspace';
import { checkDocument, type ProblemsByLine } from './check-document';

/** Checks whole documents without making anybody wait, or right away. */
export interface BackgroundCheck {
  check(workspace: Workspace, document: AssemblyDocument, isa: Isa): Promise<ProblemsByLine>;
}

/** In this thread: for tests, and where there are no workers. */
export const checkHere: BackgroundCheck = {
  async check(workspace, document, isa) {
    return checkDocument(workspace, document, isa);
  },
};
