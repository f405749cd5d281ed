import { hasServerForThisMachine } from '../../scripts/vscode-install';
import { packageExtension } from '../../scripts/vsix';
import { requireTools } from '../support/tools';
import { type CodeWindow, openCodeWindow } from './code-window';
import { Workbench } from './workbench';

/** The package, which is made once for all suites. */
let packaged: ReturnType<typeof packageExtension> | undefined;

/**
 * Opens VS Code for a suite, whose tests go on each where the one before it stopped, and closes it after them. A test that fails leaves
 * a picture. `opened` gets the window and the bytes of the extension's package.
 */
export function windowOfSuite(suite: Mocha.Suite, opened: (window: CodeWindow, workbench: Workbench, size: number) => void): void {
  suite.bail(true);
  let window: CodeWindow | undefined;

  before(async function () {
    requireTools(this, 'chromium');
    if (!hasServerForThisMachine()) {
      process.stderr.write('  skipped: VS Code end to end: the VS Code server runs on Linux, x64 or arm64\n');
      this.skip();
    }
    packaged ??= packageExtension();
    const { path, size } = await packaged;
    window = await openCodeWindow(path);
    window.page.setDefaultTimeout(60_000);
    opened(window, new Workbench(window.page), size);
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || !window) return;
    const name = this.currentTest.fullTitle().replace(/[^a-z0-9]+/gi, '-');
    process.stderr.write(`      see ${await window.picture(name)}\n`);
  });

  after(() => window?.close());
}
