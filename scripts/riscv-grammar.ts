import { csrs } from '../riscv/csrs';
import { type Form, formsOf, mnemonics } from '../riscv/pseudo-instructions';
import { fNames, xNames } from '../riscv/registers';
import { roundingModeNames } from '../riscv/rounding';

/** The parts of the TextMate grammar format that are used here. */
export interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly Rule[];
}

export interface Grammar {
  readonly name: string;
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

const symbol = '[A-Za-z_.$][\\w.$]*';
const wordEnd = '(?![\\w.$])';
const statementEnd = '(?=;)|$';

/**
 * The grammar of RISC-V assembly for GNU as and the C preprocessor, made from the instruction table. What begins a statement
 * decides how the rest of it reads, so that a symbol named like an instruction or a CSR stays a symbol.
 */
export function riscvGrammar(): Grammar {
  return {
    name: 'RISC-V Assembly',
    scopeName: 'source.riscv-asm',
    patterns: [
      include('preprocessor'),
      include('comments'),
      include('label'),
      include('assignment'),
      include('macro-definition'),
      include('directive'),
      include('instruction'),
    ],
    repository: {
      preprocessor: {
        name: 'meta.preprocessor.riscv-asm',
        begin: `^\\s*(#(?:define|undef|include|ifdef|ifndef|if|elif|else|endif|error|warning|pragma|line))\\b`,
        beginCaptures: { 1: { name: scope('keyword.control.directive') } },
        // A backslash at the end continues the line.
        end: '(?<!\\\\)$',
        patterns: [
          { name: scope('comment.line.double-slash'), match: '//.*' },
          include('block-comment'),
          { name: scope('string.quoted.other'), match: '<[^>]*>' },
          include('string'),
          include('number'),
        ],
      },
      comments: {
        patterns: [
          include('block-comment'),
          { name: scope('comment.line.double-slash'), match: '//.*' },
          { name: scope('comment.line.number-sign'), match: '#.*' },
        ],
      },
      'block-comment': { name: scope('comment.block'), begin: '/\\*', end: '\\*/' },
      label: {
        match: `(?:(${symbol}(?:\\\\(?:@|\\(\\)|[\\w$]+)[\\w.$]*)*)|(\\d+))\\s*(:)`,
        captures: {
          1: { name: scope('entity.name.function.label') },
          2: { name: scope('entity.name.label.local') },
          3: { name: scope('punctuation.separator.label') },
        },
      },
      assignment: {
        begin: `(${symbol})\\s*(==?)`,
        beginCaptures: { 1: { name: scope('variable.other.constant') }, 2: { name: scope('keyword.operator.assignment') } },
        end: statementEnd,
        patterns: [include('operands')],
      },
      'macro-definition': {
        begin: `(\\.macro)\\s+([\\w.$]+)`,
        beginCaptures: { 1: { name: scope('keyword.other.directive') }, 2: { name: scope('entity.name.function.macro') } },
        end: statementEnd,
        patterns: [
          include('comments'),
          {
            match: '([\\w.$]+)(?:\\s*(:)\\s*(req|vararg))?(?:\\s*(=)\\s*("(?:[^"\\\\]|\\\\.)*"|[^\\s,]*))?',
            captures: {
              1: { name: scope('variable.parameter') },
              2: { name: scope('punctuation.separator') },
              3: { name: scope('storage.modifier') },
              4: { name: scope('keyword.operator.assignment') },
              5: { name: scope('constant.other') },
            },
          },
          { name: scope('punctuation.separator'), match: ',' },
        ],
      },
      directive: {
        begin: `(\\.[A-Za-z_][\\w.]*)${wordEnd}`,
        beginCaptures: { 1: { name: scope('keyword.other.directive') } },
        end: statementEnd,
        patterns: [
          { name: scope('storage.type'), match: '[@%](?:function|object|progbits|nobits|note|common|notype|tls_object)\\b' },
          include('operands'),
        ],
      },
      instruction: {
        patterns: [
          statement('keyword.control.flow', mnemonics.filter(isControlFlow), include('target-operands')),
          statement('keyword.mnemonic', mnemonics.filter(hasCsr), include('csr-operands')),
          statement(
            'keyword.mnemonic',
            mnemonics.filter((name) => !isControlFlow(name) && !hasCsr(name)),
            include('operands'),
          ),
          // An instruction of another extension, or a macro.
          {
            begin: `(${symbol})`,
            beginCaptures: { 1: { name: scope('entity.name.function.macro') } },
            end: statementEnd,
            patterns: [include('operands')],
          },
        ],
      },
      'target-operands': {
        patterns: [
          include('comments'),
          include('register'),
          { name: scope('constant.other.reference.local'), match: '\\b\\d+[fb]\\b' },
          include('relocation'),
          { name: scope('entity.name.function'), match: symbol },
          include('operands'),
        ],
      },
      'csr-operands': {
        patterns: [
          { name: scope('variable.language.csr'), match: `\\b${oneOf(csrs().map(({ name }) => name))}${wordEnd}` },
          include('operands'),
        ],
      },
      operands: {
        patterns: [
          include('comments'),
          include('string'),
          include('argument'),
          { name: scope('constant.language.rounding-mode'), match: `\\b${oneOf(roundingModeNames)}(?=\\s*(?:$|[;#/]))` },
          include('register'),
          include('relocation'),
          include('number'),
          { name: scope('variable.other.symbol'), match: symbol },
          { name: scope('keyword.operator'), match: '<<|>>|[-+*/%&|^~!=<>]' },
          { name: scope('punctuation.separator'), match: ',' },
        ],
      },
      argument: { name: scope('variable.parameter'), match: '\\\\(?:@|\\(\\)|[\\w$]+)' },
      register: { name: scope('variable.language.register'), match: `\\b${oneOf(registerNames)}${wordEnd}` },
      relocation: {
        match: '(%(?:pcrel_hi|pcrel_lo|got_pcrel_hi|tls_ie_pcrel_hi|tls_gd_pcrel_hi|tprel_hi|tprel_lo|tprel_add|hi|lo))(?=\\s*\\()',
        captures: { 1: { name: scope('support.function.relocation') } },
      },
      number: {
        patterns: [
          { name: scope('constant.numeric.hex'), match: '\\b0[xX][0-9A-Fa-f]+\\b' },
          { name: scope('constant.numeric.binary'), match: '\\b0[bB][01]+\\b' },
          { name: scope('constant.other.reference.local'), match: '\\b\\d+[fb]\\b' },
          { name: scope('constant.numeric.float'), match: '\\b\\d+(?:\\.\\d*(?:[eE][-+]?\\d+)?|[eE][-+]?\\d+)' },
          { name: scope('constant.numeric.decimal'), match: '\\b\\d+\\b' },
          { name: scope('constant.character'), match: "'(?:\\\\.|[^'\\\\])'?" },
        ],
      },
      string: {
        name: scope('string.quoted.double'),
        begin: '"',
        end: '"|$',
        patterns: [{ name: scope('constant.character.escape'), match: '\\\\(?:[0-7]{1,3}|x[0-9A-Fa-f]+|.)' }],
      },
    },
  };
}

const registerNames = [...xNames, 'fp', ...fNames, ...xNames.flatMap((_, number) => [`x${number}`, `f${number}`])];

const isControlFlow = (name: string) => formsOf(name).some(transfersControl);

const hasCsr = (name: string) => formsOf(name).some((form) => form.kind === 'single' && form.operands.includes('csr'));

function transfersControl(form: Form): boolean {
  if (form.kind === 'macro') return form.steps !== 'loadImmediate' && form.steps.some(({ mnemonic }) => mnemonic === 'jalr');
  const isTransfer = ['jalr', 'ecall', 'ebreak', 'c.jr', 'c.jalr', 'c.ebreak'].includes(form.meaning);
  return isTransfer || form.operands.some((kind) => ['branch', 'jump', 'c.branch', 'c.jump'].includes(kind));
}

function statement(kind: string, names: readonly string[], operands: Rule): Rule {
  return { begin: `(${oneOf(names)})${wordEnd}`, beginCaptures: { 1: { name: scope(kind) } }, end: statementEnd, patterns: [operands] };
}

function oneOf(words: readonly string[]): string {
  return `(?:${[...words].sort().join('|').replaceAll('.', '\\.')})`;
}

function include(name: string): Rule {
  return { include: `#${name}` };
}

function scope(name: string): string {
  return `${name}.riscv-asm`;
}
