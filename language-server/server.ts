import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import type { BackgroundCheck } from './diagnostics/background-check';
import { DiagnosticsService } from './diagnostics/diagnostics-service';
import type { AssemblyDocument } from './document/assembly-document';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from './features/call-hierarchy';
import { codeActions } from './features/code-actions';
import { codeLenses, resolveCodeLens } from './features/code-lens';
import { completion, resolveCompletion } from './features/completion';
import { foldingRanges } from './features/folding';
import { formatting, formattingOnEnter } from './features/formatting';
import { hover } from './features/hover';
import { inlayHints } from './features/inlay-hints';
import { linkedEditingRanges } from './features/linked-editing';
import { documentLinks } from './features/links';
import { declaration, definition, documentHighlight, references } from './features/navigation';
import { prepareRename, RenameError, rename } from './features/rename';
import { selectionRange } from './features/selection-ranges';
import { SemanticTokensHistory, semanticTokens, tokenModifiers, tokenTypes } from './features/semantic-tokens';
import { signatureHelp } from './features/signature-help';
import { documentSymbols, workspaceSymbols } from './features/symbols';
import { defaultSettings, readSettings, type Settings } from './settings';
import type { FileAccess } from './workspace/file-access';
import { isaOf, type LineCode, lineCode } from './workspace/line-code';
import { symbolAddress } from './workspace/symbol-address';
import { Workspace } from './workspace/workspace';

export interface ServerOptions {
  readonly files: FileAccess;
  readonly version: string;
  readonly background: BackgroundCheck;
  /** The address of the folder with a page for each check, `CODE.md`. */
  readonly documentation?: string;
}

const section = 'riscv-ftrace.assembly';

/** Serves a client over a connection until that is closed. No request fails because of a document's text. */
export function startServer(connection: Connection, { files, version, background, documentation }: ServerOptions): void {
  const workspace = new Workspace(files);
  const history = new SemanticTokensHistory();
  let client: InitializeParams['capabilities'] = {};
  let settings: Settings = defaultSettings;
  let showReferences: string | undefined;
  const diagnostics = new DiagnosticsService(connection, workspace, () => settings, background, documentation);

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    const options = (params.initializationOptions ?? {}) as { showReferences?: unknown; settings?: unknown };
    if (typeof options.showReferences === 'string') showReferences = options.showReferences;
    settings = readSettings(options.settings);
    diagnostics.isPulled = client.textDocument?.diagnostic !== undefined;
    diagnostics.canRefresh = client.workspace?.diagnostics?.refreshSupport === true;
    const folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    void addFolders(folders);
    return { serverInfo: { name: 'riscv-ftrace language server', version }, capabilities };
  });

  connection.onInitialized(async () => {
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration) {
      await connection.client.register(DidChangeConfigurationNotification.type, { section });
    }
    if (client.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of removed) workspace.removeFolder(uri);
        void addFolders(added.map(({ uri }) => uri));
      });
    }
    await readConfiguration(undefined);
  });
  connection.onDidChangeConfiguration(({ settings: given }) => readConfiguration(given));

  connection.onDidOpenTextDocument(({ textDocument: { uri, text, version: number } }) => {
    workspace.opened(uri, text, number);
    diagnostics.documentChanged(uri);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version: number }, contentChanges }) => {
    workspace.changed(uri, contentChanges, number);
    diagnostics.documentChanged(uri);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    workspace.closedByEditor(uri);
    history.forget(uri);
    diagnostics.documentClosed(uri);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) workspace.fileChanged(uri);
    diagnostics.everythingChanged();
  });

  connection.onHover(({ textDocument, position }) =>
    on(textDocument, (document) => hover(workspace, document, position, codeOf(document), addressOf)),
  );
  connection.onCompletion(({ textDocument, position }) => on(textDocument, (document) => completion(workspace, document, position)));
  connection.onCompletionResolve(resolveCompletion);
  connection.onSignatureHelp(({ textDocument, position }) => on(textDocument, (document) => signatureHelp(workspace, document, position)));
  connection.onDefinition(({ textDocument, position }) => on(textDocument, (document) => definition(workspace, document, position)));
  connection.onDeclaration(({ textDocument, position }) => on(textDocument, (document) => declaration(workspace, document, position)));
  connection.onReferences(({ textDocument, position, context }) =>
    on(textDocument, (document) => references(workspace, document, position, context.includeDeclaration)),
  );
  connection.onDocumentHighlight(({ textDocument, position }) =>
    on(textDocument, (document) => documentHighlight(workspace, document, position)),
  );
  connection.onPrepareRename(({ textDocument, position }) =>
    on(textDocument, (document) => refusing(() => prepareRename(workspace, document, position))),
  );
  connection.onRenameRequest(({ textDocument, position, newName }) =>
    on(textDocument, (document) => refusing(() => rename(workspace, document, position, newName))),
  );
  connection.onDocumentSymbol(({ textDocument }) => on(textDocument, documentSymbols));
  connection.onWorkspaceSymbol(({ query }) => workspaceSymbols(workspace, query));
  connection.onFoldingRanges(({ textDocument }) => on(textDocument, foldingRanges));
  connection.onSelectionRanges(({ textDocument, positions }) =>
    on(textDocument, (document) => positions.map((position) => selectionRange(document, position))),
  );
  connection.onDocumentFormatting(({ textDocument, options }) =>
    on(textDocument, (document) => formatting(document, { ...settings.format, ...options })),
  );
  connection.onDocumentRangeFormatting(({ textDocument, options, range }) =>
    on(textDocument, (document) => formatting(document, { ...settings.format, ...options }, range)),
  );
  connection.onDocumentOnTypeFormatting(({ textDocument, options, position }) =>
    on(textDocument, (document) => formattingOnEnter(document, position.line, { ...settings.format, ...options })),
  );
  connection.onCodeLens(({ textDocument }) => on(textDocument, codeLenses));
  connection.onCodeLensResolve((lens) => resolveCodeLens(workspace, lens, showReferences));
  connection.onCodeAction(({ textDocument, range, context }) =>
    on(textDocument, (document) => codeActions(document, range, context.diagnostics)),
  );
  connection.onDocumentLinks(({ textDocument }) => on(textDocument, (document) => documentLinks(workspace, document)));

  const { languages } = connection;
  languages.callHierarchy.onPrepare(({ textDocument, position }) =>
    on(textDocument, (document) => prepareCallHierarchy(workspace, document, position)),
  );
  languages.callHierarchy.onIncomingCalls(({ item }) => incomingCalls(workspace, item));
  languages.callHierarchy.onOutgoingCalls(({ item }) => outgoingCalls(workspace, item));
  languages.onLinkedEditingRange(({ textDocument, position }) =>
    on(textDocument, (document) => linkedEditingRanges(workspace, document, position)),
  );
  languages.inlayHint.on(({ textDocument, range }) =>
    on(textDocument, (document) => inlayHints(document, range, codeOf(document), settings.inlayHints)),
  );
  languages.diagnostics.on(({ textDocument: { uri } }) => ({ kind: 'full', items: diagnostics.diagnosticsOf(uri) }));
  languages.semanticTokens.on(({ textDocument: { uri } }) => {
    const document = workspace.document(uri);
    return document ? history.full(uri, semanticTokens(workspace, document)) : { data: [] };
  });
  languages.semanticTokens.onDelta(({ textDocument: { uri }, previousResultId }) => {
    const document = workspace.document(uri);
    return document ? history.delta(uri, previousResultId, semanticTokens(workspace, document)) : { data: [] };
  });
  languages.semanticTokens.onRange(({ textDocument: { uri }, range }) => {
    const document = workspace.document(uri);
    return { data: document ? semanticTokens(workspace, document, range) : [] };
  });

  connection.listen();

  function on<T>({ uri }: { readonly uri: string }, answer: (document: AssemblyDocument) => T): NonNullable<T> | null {
    const document = workspace.document(uri);
    return (document && answer(document)) ?? null;
  }

  function codeOf(document: AssemblyDocument): (line: number) => LineCode | undefined {
    const isa = isaOf(settings.isa);
    return (line) => lineCode(document, line, isa);
  }

  function addressOf(document: AssemblyDocument, name: string): bigint | undefined {
    return symbolAddress(workspace, document, name, isaOf(settings.isa));
  }

  async function addFolders(folders: readonly string[]): Promise<void> {
    for (const folder of folders) await workspace.addFolder(folder);
    diagnostics.everythingChanged();
  }

  async function readConfiguration(pushed: unknown): Promise<void> {
    if (client.workspace?.configuration) settings = readSettings(await connection.workspace.getConfiguration(section));
    else if (pushed !== undefined && pushed !== null) settings = readSettings((pushed as Record<string, unknown>)[section] ?? pushed);
    diagnostics.everythingChanged();
    if (client.workspace?.inlayHint?.refreshSupport) connection.languages.inlayHint.refresh();
  }
}

/** What the user asked for cannot be: the client shows why. */
function refusing<T>(action: () => T): T | ResponseError<void> {
  try {
    return action();
  } catch (error) {
    if (error instanceof RenameError) return new ResponseError(requestFailed, error.message);
    throw error;
  }
}

/** LSP, "RequestFailed": the request was right, and could not be answered. */
const requestFailed = -32803;

const capabilities: InitializeResult['capabilities'] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  hoverProvider: true,
  completionProvider: { triggerCharacters: ['.', '%', '\\', ',', ' ', '(', '@', '#'], resolveProvider: true },
  signatureHelpProvider: { triggerCharacters: [' ', ','], retriggerCharacters: [','] },
  definitionProvider: true,
  declarationProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: '\n' },
  codeLensProvider: { resolveProvider: true },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
  documentLinkProvider: {},
  callHierarchyProvider: true,
  linkedEditingRangeProvider: true,
  inlayHintProvider: true,
  diagnosticProvider: { identifier: 'riscv-ftrace', interFileDependencies: true, workspaceDiagnostics: false },
  semanticTokensProvider: {
    legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
    full: { delta: true },
    range: true,
  },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};
