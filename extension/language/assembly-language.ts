import * as vscode from 'vscode';
import { looksLikeRiscv } from '../../language-server/looks-like-riscv';

/** The language of RISC-V assembly, in package.json. */
export const assemblyLanguage = 'riscv-asm';

const names = /\.(?:s|asm|inc)$/i;

/**
 * Gives files named like assembly to the language that their text is in: RISC-V assembly to ours, also where another extension is
 * first to claim the name, and that of other machines to the other extension. The setting `riscv-ftrace.assembly.files` can
 * turn that off. What the user chose by hand stays.
 */
export function chooseAssemblyLanguage(): vscode.Disposable {
  const seen = new WeakSet<vscode.TextDocument>();
  const choose = (document: vscode.TextDocument): void => {
    if (seen.has(document) || !names.test(document.uri.path)) return;
    seen.add(document);
    const wanted = languageOf(document);
    if (wanted !== undefined && wanted !== document.languageId) void vscode.languages.setTextDocumentLanguage(document, wanted);
  };
  vscode.workspace.textDocuments.forEach(choose);
  return vscode.workspace.onDidOpenTextDocument(choose);
}

/** Undefined where the language that it has is right. */
function languageOf(document: vscode.TextDocument): string | undefined {
  const setting = vscode.workspace.getConfiguration('riscv-ftrace.assembly', document).get<string>('files');
  if (setting === 'never') return undefined;
  if (setting === 'always') return assemblyLanguage;
  const isRiscv = looksLikeRiscv(document.getText());
  if (isRiscv) return assemblyLanguage;
  return isRiscv === false && document.languageId === assemblyLanguage ? (otherLanguage(document) ?? 'plaintext') : undefined;
}

/** The language that another extension has for files of that name. */
function otherLanguage({ uri }: vscode.TextDocument): string | undefined {
  const ending = /\.\w+$/.exec(uri.path)?.[0];
  for (const { packageJSON } of vscode.extensions.all) {
    const languages: unknown = packageJSON?.contributes?.languages;
    if (!Array.isArray(languages)) continue;
    const found = languages.find(
      ({ id, extensions }) => id !== assemblyLanguage && Array.isArray(extensions) && extensions.includes(ending),
    );
    if (typeof found?.id === 'string') return found.id;
  }
  return undefined;
}
