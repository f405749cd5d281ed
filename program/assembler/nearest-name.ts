/** The sentence for a name that is not known, with the known one that was probably meant. */
export function unknownName(what: string, name: string, known: Iterable<string>): string {
  const near = nearestName(name.toLowerCase(), known);
  return `unknown ${what} '${name}'${near ? `: did you mean '${near}'?` : ''}`;
}

/** The known name that a misspelt one is nearest to, if any is near: by letters left out, added, changed or exchanged. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const most = name.length <= 3 ? 1 : 2;
  if (name.length > 40) return undefined;
  let nearest: string | undefined;
  let least = most + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** The optimal string alignment distance (Damerau and Levenshtein): letters left out, added, changed or exchanged. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
