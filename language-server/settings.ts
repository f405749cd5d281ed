import { type CheckCode, checkCodes } from './analysis/finding';
import type { InlayHintOptions } from './features/inlay-hints';

/** How much a finding counts; `off` does not show it. */
export type Severity = 'error' | 'warning' | 'information' | 'hint' | 'off';

/** What a client can set, under `riscv-ftrace.assembly`. */
export interface Settings {
  /** The extensions that may be used, as `-march` says; the whole table unless given. */
  readonly isa: string;
  readonly format: { readonly operandColumn: number; readonly commentColumn: number };
  readonly inlayHints: InlayHintOptions;
  readonly checks: Readonly<Record<CheckCode, Severity>>;
}

export const defaultSettings: Settings = {
  isa: '',
  format: { operandColumn: 16, commentColumn: 40 },
  inlayHints: { expansions: true, numbers: false, sizes: false },
  checks: {
    'callee-saved-not-restored': 'warning',
    'return-address-lost': 'warning',
    'stack-unbalanced': 'warning',
    'clobbered-by-call': 'warning',
    'uninitialized-register': 'warning',
    'argument-never-written': 'warning',
    'result-never-used': 'hint',
    'unreachable-code': 'hint',
    'unused-label': 'hint',
    'store-to-read-only': 'warning',
    'wrong-width': 'warning',
  },
};

const severities: readonly string[] = ['error', 'warning', 'information', 'hint', 'off'] satisfies Severity[];

/** Settings of a client, which may have anything in them; what is missing or of another kind is as if it was not given. */
export function readSettings(given: unknown): Settings {
  const root = record(given);
  const format = record(root.format);
  const hints = record(root.inlayHints);
  const checks = record(root.checks);
  const { format: columns, inlayHints } = defaultSettings;
  return {
    isa: typeof root.isa === 'string' ? root.isa : '',
    format: {
      operandColumn: column(format.operandColumn) ?? columns.operandColumn,
      commentColumn: column(format.commentColumn) ?? columns.commentColumn,
    },
    inlayHints: {
      expansions: truth(hints.expansions) ?? inlayHints.expansions,
      numbers: truth(hints.numbers) ?? inlayHints.numbers,
      sizes: truth(hints.sizes) ?? inlayHints.sizes,
    },
    checks: Object.fromEntries(
      checkCodes.map((code) => [code, severity(checks[code]) ?? defaultSettings.checks[code]]),
    ) as Settings['checks'],
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function column(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 200 ? value : undefined;
}

function truth(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function severity(value: unknown): Severity | undefined {
  return typeof value === 'string' && severities.includes(value) ? (value as Severity) : undefined;
}
