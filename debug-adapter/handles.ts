import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Changed } from './changed';

/** Something that the editor can open: an object with members, an array, what a pointer points to. */
export interface Openable {
  /** `start` and `count` choose among indexed children; `onlyHex` shows numbers in hexadecimal. */
  children(start: number, count: number | undefined, onlyHex: boolean): DebugProtocol.Variable[];
  /** Writes a child; the text is an expression. */
  write(name: string, text: string): Omit<Changed<object>, 'body'>;
}

/** References to what the editor can open at one stop. They are larger than those of scopes. */
export class Handles {
  private opened: Openable[] = [];

  add(openable: Openable): number {
    this.opened.push(openable);
    return first + this.opened.length - 1;
  }

  get(reference: number): Openable | undefined {
    return this.opened[reference - first];
  }

  clear(): void {
    this.opened = [];
  }
}

const first = 1 << 24;
