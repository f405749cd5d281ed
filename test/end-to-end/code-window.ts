import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { installVsCode } from '../../scripts/vscode-install';
import { startServer } from '../../scripts/vscode-server';

const root = resolve(__dirname, '../..');
const pictures = join(root, 'test-results');

/** A VS Code in Chromium, with the packaged extension, on a copy of the samples and of the tests' own programs. */
export interface CodeWindow {
  readonly page: Page;
  readonly workspace: string;
  /** Opens the page again, as a reload by the user does. */
  reload(): Promise<void>;
  /** Keeps a picture of the window in `test-results/`. */
  picture(name: string): Promise<string>;
  close(): Promise<void>;
}

/** `extension` is the path of the `.vsix`. */
export async function openCodeWindow(extension: string): Promise<CodeWindow> {
  const scratch = mkdtempSync(join(tmpdir(), 'riscv-ftrace-window-'));
  const workspace = join(scratch, 'programs');
  cpSync(join(root, 'samples'), workspace, { recursive: true });
  cpSync(join(__dirname, 'workspace'), workspace, { recursive: true });

  const vscode = await installVsCode((line) => process.stdout.write(`${line}\n`));
  const server = await startServer(vscode, {
    data: join(scratch, 'server'),
    extension,
    port: 0,
    settings: { 'debug.openDebug': 'openOnDebugBreak', 'workbench.colorTheme': 'Default Dark Modern', 'editor.minimap.enabled': false },
  });
  let context: BrowserContext | undefined;
  const close = async (): Promise<void> => {
    await context?.close();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    context = await openBrowser(join(scratch, 'browser'));
    const page = context.pages()[0] ?? (await context.newPage());
    const open = async (): Promise<void> => {
      await page.goto(`${server.address}/?folder=${encodeURI(workspace)}`);
      await page.locator('.monaco-workbench .part.editor').waitFor({ timeout: 60_000 });
      await page.locator('.explorer-folders-view .monaco-list-row[aria-label^="fib.s"]').waitFor({ timeout: 60_000 });
    };
    await open();
    const picture = async (name: string): Promise<string> => {
      mkdirSync(pictures, { recursive: true });
      const path = join(pictures, `${name}.png`);
      await page.screenshot({ path });
      return path;
    };
    return { page, workspace, reload: open, picture, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Throws where there is no Chromium. */
export function chromiumPath(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const executablePath = folders.map((folder) => join(folder, 'chromium')).find((path) => existsSync(path));
  if (!executablePath) throw new Error('there is no chromium on PATH');
  return executablePath;
}

function openBrowser(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    viewport: { width: 1280, height: 800 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
