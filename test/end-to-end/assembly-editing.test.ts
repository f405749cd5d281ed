import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeWindow } from './code-window';
import { windowOfSuite } from './window-of-suite';
import type { Workbench } from './workbench';

describe('assembly in the editor of VS Code', function () {
  let window: CodeWindow;
  let workbench: Workbench;

  windowOfSuite(this, (opened, itsWorkbench) => {
    window = opened;
    workbench = itsWorkbench;
  });

  const lineOf = (mark: string): number => {
    const lines = readFileSync(join(window.workspace, 'mistakes.s'), 'utf8').split('\n');
    return lines.findIndex((line) => line.includes(`mark: ${mark}`)) + 1;
  };

  it('underlines what is wrong', async () => {
    await workbench.openFile('mistakes.s');
    const squiggles = (kind: string) => window.page.locator(`.monaco-editor .squiggly-${kind}`);
    await squiggles('error').first().waitFor({ state: 'attached' });
    await squiggles('warning').first().waitFor({ state: 'attached' });
  });

  it('has lenses for tracing and references', async () => {
    const lens = (text: string) => window.page.locator('.monaco-editor .codelens-decoration', { hasText: text }).first();
    await lens('Toggle Trace').waitFor();
    await lens('2 references').waitFor();
  });

  it('shows what a pseudo-instruction is assembled to', async () => {
    await workbench.until('the hint', async () => /lui s1,0x12345; addiw s1,s1,1656/.test(await workbench.visibleText(0)), 60_000);
  });

  it('shows what an instruction does', async () => {
    await workbench.focusEditor();
    await workbench.goToLine(lineOf('out of range'));
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('Home');
    await workbench.runCommand('Show or Focus Hover');
    const hover = window.page.locator('.monaco-hover:not(.hidden)', { hasText: 'Adds the immediate' }).first();
    await hover.waitFor();
    await window.picture('assembly-editing');
    assert.match(await hover.innerText(), /rd = rs1 \+ immediate/);
    await window.page.keyboard.press('Escape');
  });

  it('mends an immediate that does not fit', async () => {
    await workbench.focusEditor();
    await workbench.goToLine(lineOf('out of range'));
    await workbench.runCommand('Quick Fix...');
    await window.page.locator('.action-widget', { hasText: 'with li' }).waitFor();
    await window.page.keyboard.press('Enter');
    await workbench.until('the li', async () => /li t0, 5000.*add a0, a0, t0/.test((await workbench.visibleText(0)).replace(/\s+/g, ' ')));
  });

  it('is of this language where it is for this machine', async () => {
    const language = window.page.locator('.statusbar-item[id="status.editor.mode"]');
    await language.filter({ hasText: /^RISC-V Assembly$/ }).waitFor();
    await workbench.openFile('other-machine.s');
    await language.filter({ hasText: /^Plain Text$/ }).waitFor();
  });

  it('counts the calls of the last run over the function', async () => {
    await workbench.openFile('fib.s');
    const lens = (text: string | RegExp) => window.page.locator('.monaco-editor .codelens-decoration', { hasText: text }).first();
    await workbench.focusEditor();
    const text = readFileSync(join(window.workspace, 'fib.s'), 'utf8').split('\n');
    await workbench.goToLine(text.findIndex((line) => line.startsWith('fib:')) + 1);
    await workbench.runCommand('Toggle Trace on Function');
    await lens('traced: armed').waitFor();
    await workbench.run();
    await lens(/hits? in the last run/).waitFor();
  });
});
