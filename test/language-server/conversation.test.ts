import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

const root = resolve(__dirname, '../..');

/** The server as its own process, spoken to over its standard streams. */
class Client {
  readonly published = new Map<string, Diagnostic[]>();
  private readonly waiting: (() => void)[] = [];

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => {
      this.published.set(uri, diagnostics);
      for (const wake of this.waiting.splice(0)) wake();
    });
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null));
    connection.onRequest('client/registerCapability', () => null);
  }

  static async start(folder: string, capabilities: object): Promise<{ client: Client; capabilities: Record<string, unknown> }> {
    const child = spawn(process.execPath, ['-r', 'tsx/cjs', join(root, 'language-server/main.ts'), '--stdio'], { cwd: root });
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const client = new Client(child, connection);
    connection.listen();
    const uri = pathToFileURL(folder).href;
    const params = { processId: process.pid, rootUri: uri, workspaceFolders: [{ uri, name: 'test' }], capabilities };
    const answer = (await connection.sendRequest('initialize', params)) as { capabilities: Record<string, unknown> };
    await connection.sendNotification('initialized', {});
    return { client, capabilities: answer.capabilities };
  }

  request<T>(method: string, params: object): Promise<T> {
    return this.connection.sendRequest(method, params);
  }

  /** Waits until what was published of a document satisfies. */
  async diagnostics(uri: string, satisfies: (found: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    for (;;) {
      const found = this.published.get(uri);
      if (found && satisfies(found)) return found;
      await new Promise<void>((wake) => this.waiting.push(wake));
    }
  }

  async end(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    const closed = once(this.process, 'close');
    await this.connection.sendNotification('exit');
    const [code] = await closed;
    return code;
  }
}

describe('language server: a conversation over standard streams', () => {
  let folder = '';
  let client: Client;
  let capabilities: Record<string, unknown>;
  const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
  const at = (line: number, character: number) => ({ line, character });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-language-server-'));
    writeFileSync(join(folder, 'print.s'), '.globl print\n.type print, @function\n# Prints.\nprint:\n\tret\n.size print, .-print\n');
    ({ client, capabilities } = await Client.start(folder, { workspace: { workspaceFolders: true } }));
  });
  after(async () => {
    assert.equal(await client.end(), 0);
    rmSync(folder, { recursive: true, force: true });
  });

  it('begins with what the server can do', () => {
    const expected = [
      ...[
        'hoverProvider',
        'completionProvider',
        'signatureHelpProvider',
        'definitionProvider',
        'declarationProvider',
        'referencesProvider',
      ],
      ...['documentHighlightProvider', 'renameProvider', 'documentSymbolProvider', 'workspaceSymbolProvider', 'foldingRangeProvider'],
      ...['selectionRangeProvider', 'documentFormattingProvider', 'documentRangeFormattingProvider', 'documentOnTypeFormattingProvider'],
      ...['codeLensProvider', 'codeActionProvider', 'documentLinkProvider', 'callHierarchyProvider', 'linkedEditingRangeProvider'],
      ...['inlayHintProvider', 'diagnosticProvider', 'semanticTokensProvider'],
    ];
    for (const name of expected) assert.ok(capabilities[name], name);
  });

  it('answers about an open document, and about files that are not open', async () => {
    const uri = uriOf('main.s');
    const text = '.globl _start\n_start:\n\tcall print\n\tli a7, 93\n\tecall\n';
    await client.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'riscv-asm', version: 1, text } });
    assert.deepEqual(await client.diagnostics(uri, (found) => found.length === 0), []);
    const textDocument = { uri };
    const hover = await client.request<{ contents: { value: string } }>('textDocument/hover', { textDocument, position: at(2, 8) });
    assert.match(hover.contents.value, /Prints\./);
    const definition = await client.request<{ uri: string }[]>('textDocument/definition', { textDocument, position: at(2, 8) });
    assert.deepEqual(
      definition.map((each) => each.uri),
      [uriOf('print.s')],
    );
    const { items } = await client.request<{ items: { label: string }[] }>('textDocument/completion', { textDocument, position: at(3, 3) });
    assert.ok(items.some(({ label }) => label === 'li'));
    const symbols = await client.request<{ name: string }[]>('workspace/symbol', { query: 'print' });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['print'],
    );
  });

  it('follows edits and tells what is wrong after them', async () => {
    const uri = uriOf('main.s');
    const range = { start: at(3, 1), end: at(3, 3) };
    await client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range, text: 'lii' }],
    });
    const [problem] = await client.diagnostics(uri, (found) => found.length > 0);
    assert.match(String(problem!.message), /unknown instruction 'lii'/);
    const actions = await client.request<{ title: string }[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: problem!.range,
      context: { diagnostics: [problem] },
    });
    assert.ok(actions.some(({ title }) => /^Change to/.test(title)));
  });

  it('gives diagnostics to a client that asks', async () => {
    const report = await client.request<{ kind: string; items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: uriOf('main.s') },
    });
    assert.equal(report.kind, 'full');
    assert.equal(report.items.length, 1);
  });

  it('sends all semantic tokens, then the difference', async () => {
    const textDocument = { uri: uriOf('main.s') };
    const full = await client.request<{ resultId: string; data: number[] }>('textDocument/semanticTokens/full', { textDocument });
    assert.ok(full.data.length > 0);
    const delta = await client.request<{ edits: unknown[] }>('textDocument/semanticTokens/full/delta', {
      textDocument,
      previousResultId: full.resultId,
    });
    assert.deepEqual(delta.edits, []);
  });

  it('refuses a rename with the reason', async () => {
    const params = { textDocument: { uri: uriOf('main.s') }, position: at(4, 3), newName: 'x' };
    await assert.rejects(client.request('textDocument/rename', params), /no symbol here/);
  });

  it('answers with nothing for a document that it does not know', async () => {
    const textDocument = { uri: 'file:///nowhere/none.s' };
    assert.equal(await client.request('textDocument/hover', { textDocument, position: at(0, 0) }), null);
    assert.equal(await client.request('textDocument/foldingRange', { textDocument }), null);
  });

  it('takes every request on every sample', async () => {
    for (const name of ['fib.s', 'sort.s']) {
      const text = readFileSync(join(root, 'samples', name), 'utf8');
      const uri = uriOf(name);
      const textDocument = { uri };
      await client.connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'riscv-asm', version: 1, text },
      });
      const range = { start: at(0, 0), end: at(text.split('\n').length, 0) };
      const options = { tabSize: 4, insertSpaces: true };
      for (const [method, params] of [
        ['documentSymbol', {}],
        ['foldingRange', {}],
        ['codeLens', {}],
        ['documentLink', {}],
        ['inlayHint', { range }],
        ['formatting', { options }],
        ['rangeFormatting', { range, options }],
        ['semanticTokens/range', { range }],
        ['selectionRange', { positions: [at(20, 5)] }],
        ['prepareCallHierarchy', { position: at(20, 5) }],
        ['linkedEditingRange', { position: at(20, 5) }],
        ['signatureHelp', { position: at(20, 12) }],
      ] as const) {
        await client.request(`textDocument/${method}`, { textDocument, ...params });
      }
      assert.deepEqual(await client.diagnostics(uri, () => true), [], name);
    }
  });
});
