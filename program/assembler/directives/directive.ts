import type { SourceAssembler } from '../source-assembler';
import type { TokenReader } from '../token-reader';

/** Carries out a directive. What it leaves unread of the operands is an error of the caller's. Throws SourceError. */
export type Directive = (source: SourceAssembler, operands: TokenReader) => void;

export type DirectiveTable = Readonly<Record<string, Directive>>;

/** A directive that is known and not carried out, with the reason. */
export function unsupported(reason: string): Directive {
  return (source, reader) => {
    reader.takeText();
    source.warn(source.span, `this directive has no effect: ${reason}`);
  };
}
