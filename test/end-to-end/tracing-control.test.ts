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

  it('opens files of tracefs, of which saving is writing', async () => {
    const { keyboard } = window.page;
    const write = async (text: string): Promise<void> => {
      await workbench.openFromTracefs('set_ftrace_filter');
      await workbench.focusEditor();
      await keyboard.press('Control+a');
      await keyboard.type(text);
      await keyboard.press('Control+s');
    };
    await write('right');
    await workbench.until('no mark of a change', async () => !(await workbench.isChanged('set_ftrace_filter')));
    await workbench.openFile('busy.s');
    await marked('right');
    await write('no_such_function');
    await workbench.until('the error', async () => /EINVAL/.test(await workbench.notifications()));
    await workbench.runCommand('File: Revert File');
    // As in a shell, `>` has emptied the filter before the write failed.
    await workbench.until('what the kernel leaves', async () => /#### all functions enabled ####/.test(await workbench.visibleText(0)));
    await workbench.openFile('busy.s');
    await marked('left', 'right', 'main');
  });

  it('shows a pipe that goes on', async () => {
    await workbench.openFromTracefs('trace_pipe');
    await workbench.until('calls', async () => /right <-main/.test(await workbench.visibleText(0)));
    await workbench.closeAllEditors();
  });

  it('has a trace that stands still while it is read further up', async () => {
    const { keyboard } = window.page;
    await workbench.openFile('busy.s');
    await workbench.typeInConsole('echo left > set_ftrace_filter');
    await marked('left');
    await workbench.openFile('busy.s');
    await workbench.runCommand('RISC-V Ftrace: Show Trace');
    await workbench.until('calls', async () => /left <-main/.test(await workbench.visibleText(1)));
    const hits = async (): Promise<number> => Number((await workbench.notes())[0]?.replace(/\D/g, '') ?? 0);
    const moreHits = async (): Promise<void> => {
      const before = await hits();
      await workbench.until('more hits', async () => (await hits()) > before);
    };
    // A change that was under way when the reader scrolled may still show the end once.
    await workbench.until('a beginning that stays', async () => {
      await keyboard.press('Control+2');
      await keyboard.press('Control+Home');
      const before = await workbench.visibleText(1);
      for (let count = 0; count < 3; count += 1) await moreHits();
      return before.includes('# tracer: function') && (await workbench.visibleText(1)) === before;
    });
    await keyboard.press('Control+2');
    await keyboard.press('Control+End');
    await workbench.until('its end', async () => !(await workbench.visibleText(1)).includes('# tracer'));
    const end = await workbench.visibleText(1);
    await workbench.until('another end', async () => (await workbench.visibleText(1)) !== end);
  });

  it('compares the models on the program', async () => {
    await workbench.closeAllEditors();
    await workbench.openFile('busy.s');
    await workbench.runCommand('RISC-V Ftrace: Compare the Models of Ftrace on This Program');
    await workbench.until('the table', async () => {
      const text = await workbench.visibleText(0);
      return /288/.test(text) && /112/.test(text) && /call-ops/.test(text);
    });
  });
});
