import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import { roleOf } from '../document/symbol-role';
import type { Workspace } from '../workspace/workspace';

/** More names than this help nobody who types; the client asks again when more of the name is written. */
export const mostSymbols = 200;

/** The names of symbols that can be put where a word has been begun. */
export class SymbolCompletion {
  private readonly unit: readonly AssemblyDocument[];

  constructor(
    private readonly workspace: Workspace,
    document: AssemblyDocument,
    private readonly word: string,
  ) {
    this.unit = workspace.unitOf(document);
  }

  /** Labels and constants of the document and of those it is assembled with, and the global names of the others. */
  symbols(): CompletionItem[] {
    const items = new Map<string, CompletionItem>();
    for (const { index } of this.unit) {
      for (const key of index.definedKeys) {
        if (items.size >= mostSymbols) return [...items.values()];
        if (!key.includes(' ') && this.fits(key)) items.set(key, this.item(key, key.startsWith('.L') ? '2' : '1'));
      }
    }
    for (const other of this.workspace.documents) {
      if (this.unit.includes(other)) continue;
      for (const key of other.index.declaredGlobals) {
        if (items.size >= mostSymbols) return [...items.values()];
        if (this.fits(key) && !items.has(key)) items.set(key, { label: key, kind: CompletionItemKind.Reference, sortText: `3${key}` });
      }
    }
    return [...items.values()];
  }

  /** Names that stand for numbers. */
  constants(): CompletionItem[] {
    const names = new Set(this.unit.flatMap(({ index }) => index.constants).filter((name) => this.fits(name)));
    return [...names].slice(0, mostSymbols).map((label) => ({ label, kind: CompletionItemKind.Constant, sortText: `1${label}` }));
  }

  private fits(name: string): boolean {
    return this.word === '' || name.toLowerCase().includes(this.word.toLowerCase());
  }

  private item(name: string, rank: string): CompletionItem {
    return { label: name, kind: kinds[roleOf(this.unit, name)], sortText: `${rank}${name}` };
  }
}

const kinds = {
  function: CompletionItemKind.Function,
  object: CompletionItemKind.Variable,
  constant: CompletionItemKind.Constant,
  label: CompletionItemKind.Reference,
  macro: CompletionItemKind.Function,
} as const;
