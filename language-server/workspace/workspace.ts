import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { AssemblyDocument } from '../document/assembly-document';
import { fileReferences } from '../document/includes';
import type { FileAccess } from './file-access';

/** More files than this are not read ahead; those that are opened or included still are. */
const mostFiles = 2000;

/** All sources that are open in the editor or stand in its folders. */
export class Workspace {
  private readonly open = new Map<string, AssemblyDocument>();
  /** Sources that are only on disk, as they were read last. */
  private readonly closed = new Map<string, AssemblyDocument>();
  private readonly includes = new WeakMap<AssemblyDocument, { readonly version: number; readonly uris: readonly string[] }>();

  constructor(private readonly files: FileAccess) {}

  get documents(): Iterable<AssemblyDocument> {
    return [...this.open.values(), ...this.closed.values()];
  }

  get openDocuments(): Iterable<AssemblyDocument> {
    return this.open.values();
  }

  /** An open document, or the file of that address. */
  document(uri: string): AssemblyDocument | undefined {
    return this.open.get(uri) ?? this.closed.get(uri) ?? this.read(uri);
  }

  isOpen(uri: string): boolean {
    return this.open.has(uri);
  }

  opened(uri: string, text: string, version: number): AssemblyDocument {
    const document = new AssemblyDocument(uri, text, version);
    this.open.set(uri, document);
    this.closed.delete(uri);
    return document;
  }

  changed(uri: string, changes: readonly TextDocumentContentChangeEvent[], version: number): AssemblyDocument | undefined {
    const document = this.open.get(uri);
    document?.change(changes, version);
    return document;
  }

  closedByEditor(uri: string): void {
    this.open.delete(uri);
    this.read(uri);
  }

  /** A file was made, written or deleted by somebody else. */
  fileChanged(uri: string): void {
    this.closed.delete(uri);
    if (!this.open.has(uri)) this.read(uri);
  }

  async addFolder(folder: string): Promise<void> {
    for (const uri of await this.files.list(folder, mostFiles)) {
      if (!this.open.has(uri) && !this.closed.has(uri)) this.read(uri);
      // Requests are answered between two files.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  removeFolder(folder: string): void {
    for (const uri of this.closed.keys()) if (uri.startsWith(`${folder}/`)) this.closed.delete(uri);
  }

  /** The address of a file that a document names, if there is such a file. */
  resolveFile(document: AssemblyDocument, name: string): string | undefined {
    const uri = addressOf(document, name);
    return uri !== undefined && (this.open.has(uri) || this.closed.has(uri) || this.files.read(uri) !== undefined) ? uri : undefined;
  }

  /** The document with all that it includes and all that include it, itself first: names are common to them. */
  unitOf(document: AssemblyDocument): readonly AssemblyDocument[] {
    const unit = new Set([document]);
    for (const member of unit) for (const uri of this.includedBy(member)) this.addTo(unit, uri);
    const includers = [...this.documents].filter((other) => !unit.has(other) && this.includedBy(other).length > 0);
    for (let grown = true; grown; ) {
      grown = false;
      for (const other of includers) {
        if (unit.has(other) || !this.includedBy(other).some((uri) => unit.has(this.document(uri)!))) continue;
        unit.add(other);
        for (const uri of this.includedBy(other)) this.addTo(unit, uri);
        grown = true;
      }
    }
    return [...unit];
  }

  /** The sources that include a document. */
  includersOf(document: AssemblyDocument): AssemblyDocument[] {
    return [...this.documents].filter((other) => other !== document && this.includedBy(other).includes(document.uri));
  }

  /** What the assembler reads of a file that a source names: the text as it is in the editor. */
  bytesOf(uri: string): Uint8Array | undefined {
    const text = this.document(uri)?.text;
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  private addTo(unit: Set<AssemblyDocument>, uri: string): void {
    const document = this.document(uri);
    if (document) unit.add(document);
  }

  private includedBy(document: AssemblyDocument): readonly string[] {
    const known = this.includes.get(document);
    if (known?.version === document.version) return known.uris;
    const uris = fileReferences(document).flatMap(({ name, isSource }) => (isSource ? (addressOf(document, name) ?? []) : []));
    this.includes.set(document, { version: document.version, uris });
    return uris;
  }

  private read(uri: string): AssemblyDocument | undefined {
    const text = this.files.read(uri);
    if (text === undefined) return undefined;
    const document = new AssemblyDocument(uri, text, 0);
    this.closed.set(uri, document);
    return document;
  }
}

/** Files are looked for beside the document that names them. */
function addressOf(document: AssemblyDocument, name: string): string | undefined {
  try {
    return new URL(encodeURI(name).replace(/[?#]/g, encodeURIComponent), document.uri).href;
  } catch {
    return undefined;
  }
}
