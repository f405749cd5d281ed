import { SourceError, type Span } from './diagnostics';
import { ArgumentReader, type Evaluate } from './macro-arguments';
import type { SourceLine } from './source-line';

interface Parameter {
  readonly name: string;
  /** `rest` takes all arguments from there on (`:vararg`). */
  readonly kind: 'optional' | 'required' | 'rest';
  readonly byDefault: string;
}

/** What `.macro` defines. */
export interface Macro {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly SourceLine[];
}

/** Reads what follows `.macro`: the name and the parameters, as in `push first, second=0, third:req, others:vararg`. */
export function parseMacroHead(text: string, span: Span): Omit<Macro, 'body'> {
  const reader = new ArgumentReader(text);
  const name = reader.name();
  if (name === undefined) throw new SourceError(span, 'expected the name of a macro');
  reader.skipSeparator();
  const isInBrackets = reader.accept('(');
  const parameters: Parameter[] = [];
  while (!reader.atEnd && !(isInBrackets && reader.accept(')'))) {
    const parameter = parseParameter(reader, name, span);
    if (parameters.some((other) => other.name === parameter.name)) {
      throw new SourceError(span, `the macro '${name}' has two parameters '${parameter.name}'`);
    }
    if (parameters.at(-1)?.kind === 'rest') {
      throw new SourceError(span, `the macro '${name}' has a parameter after '${parameters.at(-1)!.name}', which takes all the rest`);
    }
    parameters.push(parameter);
  }
  return { name, parameters };
}

const kinds: ReadonlyMap<string, Parameter['kind']> = new Map([
  ['req', 'required'],
  ['vararg', 'rest'],
]);

function parseParameter(reader: ArgumentReader, macro: string, span: Span): Parameter {
  const name = reader.name();
  if (name === undefined) {
    throw new SourceError(span, `expected the name of a parameter of the macro '${macro}', not '${reader.next}'`);
  }
  let kind: Parameter['kind'] = 'optional';
  if (reader.accept(':')) {
    const written = reader.name() ?? reader.next;
    const known = kinds.get(written);
    if (!known) throw new SourceError(span, `a parameter can be ':req' or ':vararg', not ':${written}'`);
    kind = known;
  }
  const byDefault = reader.accept('=') ? reader.argument() : '';
  reader.skipSeparator();
  return { name, kind, byDefault };
}

/** The values of a macro's parameters in one call. Throws SourceError where the arguments do not fit. */
export function bindArguments({ name, parameters }: Macro, text: string, span: Span, evaluate?: Evaluate): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const reader = new ArgumentReader(text, evaluate);
  let position = 0;
  let usesKeywords = false;
  while (!reader.atEnd) {
    const keyword = reader.keyword();
    if (keyword !== undefined) {
      usesKeywords = true;
      if (!parameters.some((parameter) => parameter.name === keyword)) {
        throw new SourceError(span, `the macro '${name}' has no parameter '${keyword}'`);
      }
      if (given.get(keyword)) throw new SourceError(span, `the parameter '${keyword}' of the macro '${name}' is given twice`);
      given.set(keyword, reader.argument());
      continue;
    }
    if (usesKeywords) throw new SourceError(span, `arguments without a name come before those with one, as in '${name} 1, b=2'`);
    const parameter = parameters[position++];
    if (!parameter) {
      const most = parameters.length;
      throw new SourceError(
        span,
        `the macro '${name}' takes ${most === 0 ? 'no arguments' : `${most} argument${most === 1 ? '' : 's'}`}, not more`,
      );
    }
    given.set(parameter.name, parameter.kind === 'rest' ? reader.rest() : reader.argument());
  }
  for (const parameter of parameters) {
    const value = given.get(parameter.name) || parameter.byDefault;
    if (value === '' && parameter.kind === 'required') {
      throw new SourceError(span, `the macro '${name}' needs a value for '${parameter.name}'`);
    }
    given.set(parameter.name, value);
  }
  return given;
}
