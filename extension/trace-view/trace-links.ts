import * as vscode from 'vscode';
import { functionsOfText } from '../markers/document-functions';
import type { MarkerStore } from '../markers/marker-store';
import { traceScheme } from './trace-documents';
import { namesInTraceLine, type TracedName } from './trace-line';

/** Sources looked into for a function that no marked file defines. */
const sourcesSearched = 200;

class FunctionLink extends vscode.DocumentLink {
  constructor(
    range: vscode.Range,
    readonly name: string,
  ) {
    super(range);
    this.tooltip = `Go to ${name}`;
  }
}

/** Leads from the names in a trace to the functions: as links, and by "Go to Definition". */
export class TraceLinks implements vscode.DocumentLinkProvider<FunctionLink>, vscode.DefinitionProvider {
  constructor(private readonly store: MarkerStore) {}

  register(): vscode.Disposable {
    const selector = { scheme: traceScheme };
    return vscode.Disposable.from(
      vscode.languages.registerDocumentLinkProvider(selector, this),
      vscode.languages.registerDefinitionProvider(selector, this),
    );
  }

  provideDocumentLinks(document: vscode.TextDocument): FunctionLink[] {
    return Array.from({ length: document.lineCount }, (_, line) =>
      namesInTraceLine(document.lineAt(line).text).map((each) => new FunctionLink(rangeOf(line, each), each.name)),
    ).flat();
  }

  async resolveDocumentLink(link: FunctionLink): Promise<FunctionLink> {
    const place = await this.find(link.name);
    if (place) link.target = place.uri.with({ fragment: `L${place.range.start.line + 1}` });
    return link;
  }

  async provideDefinition(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Location | undefined> {
    const names = namesInTraceLine(document.lineAt(position.line).text);
    const meant = names.find(({ start, end }) => start <= position.character && position.character <= end) ?? names[0];
    return meant && this.find(meant.name);
  }

  /** The first source that defines the function: those with markers first, then the open ones, then the workspace's. */
  private async find(name: string): Promise<vscode.Location | undefined> {
    const marked = this.store.all.map(({ uri }) => vscode.Uri.parse(uri));
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri);
    return (await firstDefining(name, [...marked, ...open])) ?? firstDefining(name, await sourcesOfWorkspace());
  }
}

function sourcesOfWorkspace(): Thenable<vscode.Uri[]> {
  return vscode.workspace.findFiles('**/*.{s,S,c,cc,cpp,cxx}', '**/node_modules/**', sourcesSearched);
}

async function firstDefining(name: string, uris: readonly vscode.Uri[]): Promise<vscode.Location | undefined> {
  for (const uri of new Map(uris.map((each) => [each.toString(), each])).values()) {
    const found = functionsOfText(uri, await textOf(uri)).find((range) => range.name === name || range.name === nameInSource(name));
    if (found) return new vscode.Location(uri, new vscode.Position(found.line, 0));
  }
  return undefined;
}

/** A name of C++ as a source has it: without arguments of templates. */
function nameInSource(name: string): string {
  return name.replace(/<[^()]*>/g, '').replaceAll('(anonymous namespace)::', '');
}

/** The text of an open document or of the file; empty where it cannot be read. */
async function textOf(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return '';
  }
}

function rangeOf(line: number, { start, end }: TracedName): vscode.Range {
  return new vscode.Range(line, start, line, end);
}
