import type { Isa } from '../../riscv/isa-string';
import type { AssemblyDocument } from '../document/assembly-document';
import type { Workspace } from '../workspace/workspace';
import type { ProblemsByLine } from './check-document';

/** Checks whole documents without making anybody wait. */
export interface BackgroundCheck {
  check(workspace: Workspace, document: AssemblyDocument, isa: Isa): Promise<ProblemsByLine>;
}
