import { assemble } from '../../program/assembler/assemble';
import type { SymbolTable } from '../../program/program';
import { readProgram } from '../../program/read-program';
import type { Isa } from '../../riscv/isa-string';
import type { AssemblyDocument } from '../document/assembly-document';
import { pathOf, uriOf } from './uri';
import type { Workspace } from './workspace';

/** Of longer documents addresses are not found out, as that takes longer than people wait. */
const mostLines = 2000;

const known = new WeakMap<AssemblyDocument, { readonly version: number; readonly symbols: SymbolTable | undefined }>();

/** The address of a label in the program that a document makes by itself, as F5 runs it; undefined where it makes none. */
export function symbolAddress(workspace: Workspace, document: AssemblyDocument, name: string, isa: Isa): bigint | undefined {
  if (document.lines.length > mostLines) return undefined;
  let made = known.get(document);
  if (made?.version !== document.version) {
    made = { version: document.version, symbols: symbolsOf(workspace, document, isa) };
    known.set(document, made);
  }
  return made.symbols?.named(name)?.address;
}

function symbolsOf(workspace: Workspace, document: AssemblyDocument, isa: Isa): SymbolTable | undefined {
  const readFile = (path: string) => workspace.bytesOf(uriOf(path));
  const { image } = assemble([{ path: pathOf(document.uri), text: document.text }], { isa, readFile, callSites: true });
  return image && readProgram(image, document.uri).symbols;
}
