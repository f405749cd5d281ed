import type { Locator, Page } from 'playwright-core';

const modifier = 'Control';

/** What a person does and sees in VS Code, by the names of the workbench. */
export class Workbench {
  constructor(readonly page: Page) {}

  /** The editor of the group on the left, or the n-th from the left. */
  editor(group = 0): Locator {
    return this.page.locator('.editor-group-container').nth(group).locator('.monaco-editor').first();
  }

  async openFile(name: string): Promise<void> {
    await this.quickInput(`${modifier}+p`, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor().locator('.line-numbers').first().waitFor();
  }

  async runCommand(title: string): Promise<void> {
    await this.quickInput('F1', `>${title}`);
  }

  private async quickInput(key: string, text: string): Promise<void> {
    const { page } = this;
    const input = page.locator('.quick-input-widget .quick-input-box input');
    await page.keyboard.press(key);
    await input.waitFor({ state: 'visible' });
    await input.fill(text);
    const wanted = text.replace(/^>/, '');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: wanted }).waitFor();
    await page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** Puts the cursor on a line; lines count from 1. */
  async goToLine(line: number): Promise<void> {
    const { page } = this;
    const input = page.locator('.quick-input-widget .quick-input-box input');
    await page.keyboard.press(`${modifier}+g`);
    await input.waitFor({ state: 'visible' });
    await input.fill(`:${line}`);
    await page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  lineNumber(line: number): Locator {
    return this.editor().locator('.margin-view-overlays .line-numbers', { hasText: new RegExp(`^${line}$`) });
  }

  /** Right-clicks a line number and chooses from its menu. */
  async chooseOnLine(line: number, item: string): Promise<void> {
    await this.goToLine(line);
    await this.lineNumber(line).click({ button: 'right' });
    const entry = this.page.locator('.monaco-menu .action-item', { hasText: item }).first();
    await entry.waitFor();
    // A menu takes no click in the moment it opens.
    while (await entry.isVisible()) {
      await entry.click();
      await this.page.waitForTimeout(200);
    }
  }

  /** Our icons in the gutter. */
  gutterIcons(): Locator {
    return this.editor().locator('.glyph-margin-widgets .cgmr[class*="ced-"]');
  }

  async showRunView(): Promise<void> {
    await this.page.keyboard.press(`${modifier}+Shift+d`);
    await this.page.locator('.debug-viewlet').waitFor();
  }

  async stopped(): Promise<void> {
    await this.page.locator('.debug-toolbar .codicon-debug-continue').first().waitFor({ state: 'attached' });
  }

  /** Rows of the Variables pane whose name starts like that. */
  variable(name: string): Locator {
    return this.page.locator(`.debug-variables .monaco-list-row[aria-label^="${name}"]`);
  }
}
