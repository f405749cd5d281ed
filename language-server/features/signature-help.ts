import type { Position, SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { formsOf } from '../../riscv/pseudo-instructions';
import type { AssemblyDocument } from '../document/assembly-document';
import { operationOf } from '../document/parsed-line';
import { statementBefore } from '../document/statement-before';
import { directiveDoc } from '../knowledge/directives';
import { operandNames } from '../knowledge/instructions';
import { macroHead } from '../workspace/macro-head';
import type { Workspace } from '../workspace/workspace';

/** The operands of the instruction, directive or macro that is being written, and which of them is at the position. */
export function signatureHelp(workspace: Workspace, document: AssemblyDocument, position: Position): SignatureHelp | undefined {
  const place = statementBefore(document, position);
  const operation = place && operationOf(place.statement);
  if (operation === undefined || place?.operand === undefined) return undefined;
  const { operand } = place;
  const signatures = signaturesOf(workspace, document, operation);
  if (signatures.length === 0) return undefined;
  const fitting = signatures.findIndex(({ parameters }) => (parameters?.length ?? 0) > operand);
  return { signatures, activeSignature: Math.max(fitting, 0), activeParameter: operand };
}

function signaturesOf(workspace: Workspace, document: AssemblyDocument, operation: string): SignatureInformation[] {
  const forms = formsOf(operation);
  if (forms.length > 0) return forms.map((form) => signature(form.name, operandNames(form), form.prose));
  const doc = directiveDoc(operation);
  if (doc) return [signature(doc.name, doc.syntax === '' ? [] : [doc.syntax], doc.prose)];
  const macro = macroHead(workspace, document, operation);
  return macro ? [signature(macro.name, macro.parameters, macro.comment)] : [];
}

function signature(name: string, operands: readonly string[], prose: string): SignatureInformation {
  let label = operands.length > 0 ? `${name} ` : name;
  const parameters = operands.map((operand, index) => {
    if (index > 0) label += ', ';
    const start = label.length;
    label += operand;
    return { label: [start, label.length] as [number, number] };
  });
  return { label, documentation: prose, parameters };
}
