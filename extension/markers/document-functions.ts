import type * as vscode from 'vscode';
import { functionsIn } from '../../program/source-functions';
import { languageOf } from '../../program/source-language';
import type { FunctionRange } from './marker';

const cache = new WeakMap<vscode.TextDocument, { version: number; functions: readonly FunctionRange[] }>();

/** The functions of an assembly, C or C++ document; empty for any other. */
export function functionsOf(document: vscode.TextDocument): readonly FunctionRange[] {
  const known = cache.get(document);
  if (known?.version === document.version) return known.functions;
  const functions = functionsOfText(document.uri, document.getText());
  cache.set(document, { version: document.version, functions });
  return functions;
}

export function functionsOfText(uri: vscode.Uri, text: string): readonly FunctionRange[] {
  const language = languageOf(uri.path);
  if (!language) return [];
  return functionsIn(text, language).map(({ name, nameLine, startLine, endLine }) => ({
    name,
    line: nameLine - 1,
    first: startLine - 1,
    last: endLine - 1,
  }));
}

export function isTraceableDocument(document: vscode.TextDocument): boolean {
  return languageOf(document.uri.path) !== undefined && document.uri.scheme !== 'git';
}
