import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeWindow } from './code-window';
import { windowOfSuite } from './window-of-suite';
import type { Workbench } from './workbench';

describe('tracing controlled in VS Code', function () {
  let window: CodeWindow;
  let workbench: Workbench;

  windowOfSuite(this, (opened, itsWorkbench) => {
    window = opened;
    workbench = itsWorkbench;
  });

  /** The line of the program that holds a text, from 1. */
  const lineOf = (text: string): number => {
    const lines = readFileSync(join(window.workspace, 'busy.s'), 'utf8').split('\n');
    return lines.findIndex((line) => line.includes(text)) + 1;
  };
  const marked = (...names: string[]): Promise<void> =>
    workbench.until(
      `markers on ${names}`,
      async () => `${(await workbench.markedLines()).map((line) => line.replace(/:.*/, ''))}` === `${names}`,
    );

  it('has a model, which the status bar shows and chooses', async () => {
    await workbench.openFile('busy.s');
    const item = window.page.locator('.statusbar-item[id*="riscv-ftrace.model"]');
    await workbench.until('the usual model', async () => /ftrace: args$/.test((await item.innerText()).trim()));
    await item.click();
    await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'call-ops' }).click();
    await workbench.until('the model that was chosen', async () => /ftrace: call-ops$/.test((await item.innerText()).trim()));
  });

  it('follows what the Debug Console writes to tracefs, and the markers are read there', async () => {
    await workbench.focusEditor();
    await window.page.keyboard.press('F5');
    await window.page.locator('.debug-toolbar').waitFor();
    await workbench.typeInConsole('echo left > set_ftrace_filter; echo function > current_tracer');
    await marked('left');
    await workbench.typeInConsole('echo right > set_ftrace_filter');
    await marked('right');
    await workbench.openFile('busy.s');
    await workbench.chooseOnLine(lineOf('left:'), 'Toggle Trace on Function');
    await marked('left', 'right');
    await workbench.typeInConsole('cat set_ftrace_filter enabled_functions');
    await workbench.until('both in the filter', async () =>
      /left\nright\nleft \(1\) .*ops: global_ops/s.test(await workbench.consoleText()),
    );
  });

  it('completes the names of files and functions in the console', async () => {
    await workbench.proposeInConsole('cat set_ftrace_fil', 'set_ftrace_filter');
    await workbench.proposeInConsole('echo ri', 'right');
  });
});
