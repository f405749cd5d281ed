import type { Grammar, Rule } from '../../scripts/riscv-grammar';

export interface ScopedText {
  readonly text: string;
  /** The innermost scope, without the language's suffix; empty for text without one. Neighbours differ in it. */
  readonly scope: string;
}

interface Open {
  readonly rule: Rule;
  readonly end: RegExp;
}

/**
 * A small reader of TextMate grammars for tests: match, begin and end, captures by group, includes. At each position the
 * leftmost match wins, of equal ones the first, and the end of the open rule before its patterns.
 */
export class Tokenizer {
  private readonly open: Open[] = [];

  constructor(private readonly grammar: Grammar) {}

  line(text: string): ScopedText[] {
    const tokens: ScopedText[] = [];
    let position = 0;
    const push = (to: number, scope: string) => {
      if (to <= position) return;
      const last = tokens.at(-1);
      const token = { text: text.slice(position, to), scope: scope.replace(/\.riscv-asm$/, '') };
      if (last?.scope === token.scope) tokens.splice(-1, 1, { ...token, text: last.text + token.text });
      else tokens.push(token);
      position = to;
    };
    for (let guard = 0; guard < 10_000; guard++) {
      const top = this.open.at(-1);
      const outer = top?.rule.name ?? '';
      const end = top && exec(top.end, text, position);
      const found = this.first(top?.rule.patterns ?? (top ? [] : this.grammar.patterns), text, position);
      if (end && (!found || end.index <= found.match.index)) {
        push(end.index, outer);
        push(end.index + end[0].length, outer);
        this.open.pop();
        continue;
      }
      if (!found) {
        push(text.length, outer);
        return tokens;
      }
      push(found.match.index, outer);
      const { rule, match } = found;
      const captures = rule.captures ?? rule.beginCaptures ?? {};
      for (const [group, { name }] of Object.entries(captures)) {
        const [from, to] = match.indices![Number(group)] ?? [0, 0];
        push(from, rule.name ?? outer);
        push(to, name);
      }
      push(match.index + match[0].length, rule.name ?? outer);
      if (rule.begin !== undefined) this.open.push({ rule, end: new RegExp(rule.end!, 'dg') });
    }
    throw new Error(`the grammar does not get past: ${text.slice(position)}`);
  }

  private first(patterns: readonly Rule[], text: string, position: number): { rule: Rule; match: RegExpExecArray } | undefined {
    let best: { rule: Rule; match: RegExpExecArray } | undefined;
    for (const rule of this.flat(patterns)) {
      const match = exec(new RegExp((rule.match ?? rule.begin)!, 'dg'), text, position);
      if (match && (!best || match.index < best.match.index)) best = { rule, match };
    }
    return best;
  }

  private flat(patterns: readonly Rule[]): Rule[] {
    return patterns.flatMap((rule) => {
      if (rule.include) return this.flat([this.grammar.repository[rule.include.slice(1)]!]);
      return rule.match === undefined && rule.begin === undefined ? this.flat(rule.patterns!) : [rule];
    });
  }
}

function exec(expression: RegExp, text: string, position: number): RegExpExecArray | null {
  expression.lastIndex = position;
  return expression.exec(text);
}
