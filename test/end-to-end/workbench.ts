import type { Locator, Page } from 'playwright-core';

/** What a person does and sees in VS Code, by the names of the workbench. */
export class Workbench {
  constructor(readonly page: Page) {}

  /** The editor of the group on the left, or the n-th from the left. */
  editor(group = 0): Locator {
    return this.page.locator('.editor-group-container').nth(group).locator('.monaco-editor').first();
  }

  async openFile(name: string): Promise<void> {
    await this.choose('Control+p', name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor().locator('.line-numbers').first().waitFor();
  }

  /** Opens a file of tracefs of the session that is debugged. */
  async openFromTracefs(name: string): Promise<void> {
    await this.runCommand('RISC-V Ftrace: Open a File of tracefs');
    await this.page.locator('.quick-input-title', { hasText: 'The file of tracefs to open' }).waitFor();
    await this.page.keyboard.type(name);
    await this.page.locator(`.quick-input-list .monaco-list-row[aria-label="${name}"]`).click();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor().locator('.line-numbers').first().waitFor();
  }

  /** Whether the tab of a file shows that it is not saved. */
  isChanged(name: string): Promise<boolean> {
    return this.page.locator(`.tab.dirty[data-resource-name="${name}"]`).isVisible();
  }

  async notifications(): Promise<string> {
    return (await this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts()).join('\n');
  }

  async runCommand(title: string): Promise<void> {
    await this.choose('F1', `>${title}`);
  }

  /** Puts the cursor on a line; lines count from 1. */
  async goToLine(line: number): Promise<void> {
    await this.inQuickInput('Control+g', `:${line}`, async () => {});
  }

  /** Right-clicks a line number and chooses from its menu; it is opened again where something else takes the focus, which closes it. */
  async chooseOnLine(line: number, item: string): Promise<void> {
    const number = this.editor().locator('.margin-view-overlays .line-numbers', { hasText: new RegExp(`^${line}$`) });
    const entry = this.page.locator('.monaco-menu .action-item', { hasText: item }).first();
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.focusEditor();
        await this.goToLine(line);
        await number.click({ button: 'right', timeout: 10_000 });
        await entry.waitFor({ timeout: 10_000 });
        break;
      } catch (error) {
        if (attempt === 4) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
    // A menu takes no click in the moment it opens.
    while (await entry.isVisible()) {
      await entry.click();
      await this.page.waitForTimeout(200);
    }
  }

  focusEditor(): Promise<void> {
    return this.page.keyboard.press('Control+1');
  }

  /** The states that our icons in the gutter show, for example `on`, from the top. */
  gutterIcons(): Promise<string[]> {
    return this.page.evaluate(
      `[...document.querySelectorAll('.monaco-editor .glyph-margin-widgets .cgmr[class*="ced-"]')]
        .map((icon) => /([a-z-]+)-(?:light|dark)\\.svg/.exec(getComputedStyle(icon).backgroundImage)?.[1])
        .filter(Boolean)`,
    );
  }

  /** The code of the lines that have an icon of ours. */
  async markedLines(): Promise<string[]> {
    return this.page.evaluate(
      `(() => {
        const top = (element) => Math.round(element.getBoundingClientRect().top);
        const marked = [...document.querySelectorAll('.monaco-editor .glyph-margin-widgets .cgmr[class*="ced-"]')].map(top);
        const lines = [...document.querySelectorAll('.monaco-editor .view-line')].filter((line) => marked.includes(top(line)));
        return lines.map((line) => line.textContent.replaceAll('\\u00a0', ' ').trim());
      })()`,
    );
  }

  /** What we write after the lines of functions. */
  notes(): Promise<string[]> {
    return this.page.evaluate(
      `[...document.querySelectorAll('.monaco-editor .view-line span')]
        .map((span) => getComputedStyle(span, '::after').content.replaceAll('"', ''))
        .filter((text) => / hits?\\b|^not traced/.test(text))`,
    );
  }

  async closeAllEditors(): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.press('Control+w');
    await this.page.locator('.tab').first().waitFor({ state: 'detached' });
  }

  async showRunView(): Promise<void> {
    await this.page.keyboard.press('Control+Shift+d');
    await this.page.locator('.debug-viewlet').waitFor();
  }

  /** Presses F5 in the editor and returns the milliseconds until the program stands still. */
  async startAndStop(): Promise<number> {
    await this.focusEditor();
    const before = Date.now();
    await this.page.keyboard.press('F5');
    await this.page.locator('.monaco-editor .codicon-debug-stackframe').first().waitFor({ state: 'attached' });
    return Date.now() - before;
  }

  /** Presses F5 in the editor and waits until the program has ended, however short it runs. */
  async run(): Promise<void> {
    await this.focusEditor();
    // A program of a few milliseconds shows the toolbar for less time than there is between two looks at it.
    await this.page.evaluate(
      `globalThis.toolbarWasShown = false;
      new MutationObserver((_, observer) => {
        if (!document.querySelector('.debug-toolbar:not([aria-hidden="true"])')) return;
        globalThis.toolbarWasShown = true;
        observer.disconnect();
      }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['aria-hidden'] });`,
    );
    await this.page.keyboard.press('F5');
    await this.page.waitForFunction('globalThis.toolbarWasShown');
    await this.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  }

  /** Presses F5 where the program stands still: while VS Code does not know yet that it does, the key does nothing. */
  async continue(): Promise<void> {
    await this.page.locator('.debug-toolbar .codicon-debug-continue').waitFor();
    await this.page.keyboard.press('F5');
  }

  async stopDebugging(): Promise<void> {
    await this.page.keyboard.press('Shift+F5');
    await this.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  }

  /** The row of a variable, whose aria-label is like `a0, value 0xa (10)`. */
  variable(name: string): Locator {
    return this.page.locator(`.debug-variables .monaco-list-row[aria-label^="${name}, value"]`).first();
  }

  scope(name: string): Locator {
    return this.page.locator('.debug-variables .monaco-list-row .scope', { hasText: name }).first();
  }

  frame(name: string): Locator {
    return this.page.locator('.debug-call-stack .monaco-list-row', { hasText: name }).first();
  }

  /** The instructions in the Disassembly view, spaces made one. */
  async disassembly(): Promise<string[]> {
    const rows = await this.page.locator('.disassembly-view .monaco-list-row').allInnerTexts();
    return rows.map((row) => row.replace(/\s+/g, ' '));
  }

  /** The text of the visible lines of the editor in a group. */
  async visibleText(group: number): Promise<string> {
    const lines = await this.editor(group).locator('.view-line').allInnerTexts();
    return lines.join('\n').replace(/\u00a0/g, ' ');
  }

  /** Types a line into the Debug Console. */
  async typeInConsole(line: string): Promise<void> {
    await this.focusConsole();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('Enter');
    await this.until('an empty input', async () => (await this.consoleInput()) === '');
  }

  /** Types the beginning of a line into the Debug Console, waits until that is proposed, and takes the line away. */
  async proposeInConsole(start: string, proposal: string): Promise<void> {
    await this.focusConsole();
    await this.page.keyboard.type(start);
    await this.until(`${proposal} proposed`, async () => {
      if (await this.page.locator('.suggest-widget .monaco-list-row', { hasText: proposal }).first().isVisible()) return true;
      await this.page.keyboard.press('Control+Space');
      await this.page.waitForTimeout(500);
      return false;
    });
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.press('Delete');
  }

  /** What the Debug Console shows. */
  async consoleText(): Promise<string> {
    return (await this.page.locator('.repl .repl-tree .monaco-list-row').allInnerTexts()).join('\n');
  }

  private async focusConsole(): Promise<void> {
    const input = this.page.locator('.repl-input-wrapper .monaco-editor .view-lines');
    if (!(await input.isVisible())) await this.page.keyboard.press('Control+Shift+y');
    await input.click();
  }

  private async consoleInput(): Promise<string> {
    return (await this.page.locator('.repl-input-wrapper .monaco-editor .view-line').allInnerTexts())
      .join('')
      .replace(/\u00a0|\u200b/g, ' ')
      .trim();
  }

  /** Waits until something holds; the error tells what it was. */
  async until(what: string, holds: () => Promise<boolean>, timeout = 60_000): Promise<void> {
    for (const end = Date.now() + timeout; ; await this.page.waitForTimeout(100)) {
      if (await holds()) return;
      if (Date.now() > end) throw new Error(`it did not come to this: ${what}`);
    }
  }

  /** Opens a quick input by a key, types into it and takes the first proposal. */
  private async choose(key: string, text: string): Promise<void> {
    await this.inQuickInput(key, text, async () => {
      await this.page
        .locator('.quick-input-list .monaco-list-row.focused', { hasText: text.replace(/^>/, '') })
        .waitFor({ timeout: 20_000 });
    });
  }

  /** The input closes when something else takes the focus, as an editor does that opens late; then it is opened again. */
  private async inQuickInput(key: string, text: string, isReady: () => Promise<void>): Promise<void> {
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.page.keyboard.press(key);
        await input.waitFor({ state: 'visible', timeout: 20_000 });
        await input.fill(text, { timeout: 10_000 });
        await isReady();
        await this.page.keyboard.press('Enter');
        // A command that asks on has its own input there, empty.
        await this.until('the choice taken', async () => !(await input.isVisible()) || (await input.inputValue()) !== text, 20_000);
        return;
      } catch (error) {
        if (attempt === 4) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }
}
