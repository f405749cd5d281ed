import type { DebugProtocol } from '@vscode/debugprotocol';

/** A response's body, and what the editor must fetch again after it. */
export interface Changed<Body extends object> {
  readonly body: Body;
  readonly areas: readonly DebugProtocol.InvalidatedAreas[];
  /** Memory that was written. */
  readonly memory?: { readonly address: bigint; readonly size: number };
}
