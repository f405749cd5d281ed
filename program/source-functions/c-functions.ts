import type { SourceFunction } from '../source-functions';
import { endOfBody } from './c-blocks';
import { functionName, longestDeclaration } from './c-declarator';
import { type CToken, cTokens } from './c-tokens';
import { Places } from './places';

/**
 * The functions that a C source defines, found without preprocessing it. A definition made by a macro
 * (`SYSCALL_DEFINE1(...) {`) has no name that could be told, and is left out.
 */
export function cFunctions(text: string): SourceFunction[] {
  const tokens = cTokens(text);
  const places = new Places(text);
  const functions: SourceFunction[] = [];
  let declaration: CToken[] = [];
  const conditions: CToken[][] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.kind === 'if') conditions.push([...declaration]);
    else if (token.kind === 'else') declaration = [...(conditions.at(-1) ?? [])];
    else if (token.kind === 'endif') conditions.pop();
    else if (token.text === ';' && token.kind === 'punctuation') {
      declaration = isOldStyleParameter(declaration) ? [...declaration, token] : [];
    } else if (token.text === '}' && token.kind === 'punctuation') declaration = [];
    else if (token.text !== '{' || token.kind !== 'punctuation') declaration.push(token);
    else if (!isLinkage(declaration)) {
      const name = functionName(declaration);
      const end = endOfBody(tokens, index, places);
      if (name) {
        const { line, column } = places.of(name.offset);
        const startLine = places.of(declaration[0]!.offset).line;
        functions.push({ name: name.text, startLine, endLine: places.of(tokens[end]!.offset).line, nameLine: line, nameColumn: column });
        declaration = [];
      } else {
        declaration = goesOnAfterBlock(declaration) ? [...declaration, token, tokens[end]!] : [];
      }
      index = end;
    } else {
      declaration = [];
    }
  }
  return functions;
}

/** Whether the block is a part of a declaration: the members of a type, or an initializer. */
function goesOnAfterBlock(declaration: readonly CToken[]): boolean {
  return declaration.some(({ text }) => text === 'struct' || text === 'union' || text === 'enum' || text === '=');
}

/** `extern "C" {` */
function isLinkage(declaration: readonly CToken[]): boolean {
  return declaration.length === 2 && declaration[0]!.text === 'extern' && declaration[1]!.kind === 'string';
}

/** Whether a declaration is that of a parameter before the body of `int f(a, b) int a; int b; {`. */
function isOldStyleParameter(declaration: readonly CToken[]): boolean {
  if (declaration.length > longestDeclaration) return false;
  const open = declaration.findIndex(({ text }, index) => text === '(' && declaration[index - 1]?.kind === 'word');
  const close = declaration.findIndex(({ text }, index) => index > open && text === ')');
  if (open < 1 || close < 0) return false;
  const names = declaration.slice(open + 1, close);
  const isList = names.length > 0 && names.every(({ kind, text }, index) => (index % 2 === 0 ? kind === 'word' : text === ','));
  const declared = declaration.slice(close + 1).filter(({ kind }) => kind === 'word');
  return isList && declared.length >= 2 && names.some(({ text }) => text === declared.at(-1)!.text);
}
