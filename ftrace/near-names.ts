import { editDistance } from '../program/assembler/nearest-name';

/**
 * The names most like a mistyped one, best first: few edits away, or one a part of the other. Case does not count; of a glob the
 * longest piece without wildcards does.
 */
export function nearNames(wanted: string, names: Iterable<string>, limit = 3): string[] {
  const target = longestLiteral(wanted.toLowerCase());
  if (target === '') return [];
  const allowed = Math.max(1, Math.floor(target.length / 3));
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const candidate = name.toLowerCase();
    const similar = Math.abs(candidate.length - target.length) <= allowed;
    const edits = similar ? editDistance(target, candidate) : Number.POSITIVE_INFINITY;
    if (edits <= allowed) scored.push({ name, score: edits });
    else if (target.length > 2 && (candidate.includes(target) || (candidate.length > 2 && target.includes(candidate)))) {
      scored.push({ name, score: allowed + Math.abs(candidate.length - target.length) });
    }
  }
  return scored
    .sort((one, other) => one.score - other.score || (one.name < other.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

function longestLiteral(pattern: string): string {
  return pattern.split(/[*?[\]!\\]/).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}
