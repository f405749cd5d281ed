import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProgram } from '../../program/read-program';
import { functionsIn } from '../../program/source-functions';
import type { SourceLanguage } from '../../program/source-language';

/** Each function as `name startLine-endLine nameLine:nameColumn`. */
function found(text: string, language: SourceLanguage): string[] {
  return functionsIn(text, language).map(
    ({ name, startLine, endLine, nameLine, nameColumn }) => `${name} ${startLine}-${endLine} ${nameLine}:${nameColumn}`,
  );
}

const cCases: Record<string, [source: string, ...functions: string[]]> = {
  'nothing in nothing': [''],
  'a function on one line': ['int f(void) { return 0; }', 'f 1-1 1:5'],
  'a function whose type is on its own line': ['static inline int\nf(int a)\n{\n  return a;\n}\n', 'f 1-5 2:1'],
  'no prototypes': ['int f(int);\nextern int g(void) __attribute__((noreturn));\nint h(void) { return f(1); }', 'h 3-3 3:5'],
  'no braces in comments, strings and characters': [
    "// } {\n/* { int g(void) { */\nint f(void) {\n  char *s = \"}{\\\"}\"; char c = '}', d = '\\'';\n  return 0;\n}",
    'f 3-6 3:5',
  ],
  'a comment continued by a backslash': ['// int g(void) { \\\n int h(void) {\nint f(void) { }', 'f 3-3 3:5'],
  'no macros that contain functions': ['#define F(x) \\\n  int x(void) { \\\n    if (1) {\nint f(void) { }', 'f 4-4 4:5'],
  'a macro with a comment over lines': ['#define A /* {\n int g(void) { */ 1\nint f(void) { }', 'f 3-3 3:5'],
  'a macro with a quote in it': ['#define A "/*"\nint f(void) { }', 'f 2-2 2:5'],
  attributes: [
    '__attribute__((noinline, section("a(")))\nstatic int f(int a) __attribute__((cold));\nint g(void) __attribute__((cold)) { }\n[[gnu::noinline]] int h(void) { }\n_Alignas(8) int x;',
    'g 3-3 3:5',
    'h 4-4 4:23',
  ],
  'macros used as attributes': [
    'static __printf(1, 2) int f(const char *fmt, ...) {\n}\nint g(struct lock *l) __acquires(l) {\n}\nMY_EXPORT(1) int h(void) {\n}\nint i(void) __cold UNUSED(1) { }',
    'f 1-2 1:27',
    'g 3-4 3:5',
    'h 5-6 5:18',
    'i 7-7 7:5',
  ],
  'no definitions made by macros': [
    'SYSCALL_DEFINE3(read, int, fd) {\n  if (fd) { }\n}\nint f(void) { }\nEXPORT_SYMBOL(f);\nmodule_init(f);',
    'f 4-4 4:5',
  ],
  'parameters in the old style': ['int f(a, b)\n  int a;\n  char *b;\n{\n  return a;\n}\nmain() { }', 'f 1-6 1:5', 'main 7-7 7:1'],
  'a function that returns a pointer to a function': ['int (*f(int a))(void) {\n  return 0;\n}\nvoid (*g)(int) = h;', 'f 1-3 1:7'],
  'a name in parentheses': ['int (f)(void) { }', 'f 1-1 1:6'],
  'no pointers to functions, arrays and initializers': [
    'int (*table[])(void) = { f, g };\nstruct ops o = { .open = f(1) };\nint a[] = { 1, 2 };\nint (*g)(void);\nint f(void) { }',
    'f 5-5 5:5',
  ],
  'no types': [
    'struct a { int (*open)(void); };\nenum e { A = F(1) };\nunion { int x; } u;\ntypedef struct { int y; } t;\nt f(void) { }',
    'f 5-5 5:3',
  ],
  'a function that returns a structure': [
    'struct a f(struct a *p) {\n  return *p;\n}\nstruct b { int x; } g(void) { }',
    'f 1-3 1:10',
    'g 4-4 4:21',
  ],
  'functions parameters of which are functions': ['int f(int (*compare)(const void *), int n) { }', 'f 1-1 1:5'],
  'both branches of a condition': [
    '#ifdef A\nint f(int a) {\n#else\nint f(long a) {\n#endif\n  return 0;\n}\nint g(void) { }',
    'f 2-7 2:5',
    'g 8-8 8:5',
  ],
  'whole functions in branches': [
    '#if A\nint f(void) { }\n#elif B\nint g(void) { }\n#else\nint h(void) { }\n#endif',
    'f 2-2 2:5',
    'g 4-4 4:5',
    'h 6-6 6:5',
  ],
  'unequal braces in branches of a body': [
    'int f(void) {\n#if A\n  if (1) {\n#else\n  if (2) {\n#endif\n  }\n}\nint g(void) { }',
    'f 1-8 1:5',
    'g 9-9 9:5',
  ],
  'nothing that #if 0 leaves out': [
    '#if 0\nint f(void) {\n#if 1\n#else\n#endif\n#else\nint g(void) { }\n#endif\nint h(void) { }',
    'g 7-7 7:5',
    'h 9-9 9:5',
  ],
  'C++ linkage': [
    '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void) { }\n#ifdef __cplusplus\n}\n#endif\nint g(void) { }',
    'f 4-4 4:5',
    'g 8-8 8:5',
  ],
  'assembly at the top': ['asm(".globl x {");\n__asm__ volatile ("{");\nint f(void) { __asm__("}"); }', 'f 3-3 3:5'],
  'half-written functions': ['int f(void) {\n  if (1) {\n}\n\nint g(void) {\n}\n', 'f 1-3 1:5', 'g 5-6 5:5'],
  'a function without its end': ['int f(void) {\n  return', 'f 1-2 1:5'],
  'a function after one without its end': [
    'int f(void) {\n  if (a) {\n    b();\n}\nint g(void) {\n  if (a) {\n}',
    'f 1-4 1:5',
    'g 5-7 5:5',
  ],
  'numbers with separators, strings without an end': ["int a = 1'000'000;\nint f(void) { char *s = \"abc\n; }", 'f 2-3 2:5'],
  'carriage returns and tabs': ['int\r\n\tf(void)\r\n{\r\n}\r\n', 'f 1-4 2:2'],
  'stray braces': ['}\n}\nint f(void) { }', 'f 3-3 3:5'],
};

const assemblyCases: Record<string, [source: string, ...functions: string[]]> = {
  'nothing in nothing': [''],
  'a function with its directives': ['# about f\n\n  .globl f\n  .type f, @function\nf:\n  ret\n  .size f, .-f\n# the end', 'f 3-7 5:1'],
  'functions without sizes': ['.type f,%function\n.type g,STT_FUNC\nf: nop\n ret\n\n# about g\ng:\n ret\n', 'f 1-4 3:1', 'g 7-8 7:1'],
  'a global label without a type in code alone': [' .globl _start, data\n_start:\n call f\n .data\ndata: .word 1\n', '_start 1-3 2:1'],
  'no local and inner labels': [' .type f, @function\nf:\n1: nop\n.Lx: nop\nloop: j loop\n ret\n', 'f 1-6 2:1'],
  'no global label inside a function': [' .type f, @function\n .globl f, inner\nf: nop\ninner: ret\n .size f, . - f', 'f 1-5 3:1'],
  'several statements on a line': ['.type f,@function; .type g,@function; f: nop; ret; g: ret', 'f 1-1 1:39', 'g 1-1 1:52'],
  'no comments and strings': [
    '/* f:\n g: */ .type f,@function // f:\n.section .rodata\n.string "f: ; g:"\n.text\nf: ret # g:\n',
    'f 6-6 6:1',
  ],
  'the end at data': [' .type f,@function\nf: ret\n .section .rodata\n .word 1\n', 'f 1-2 2:1'],
  'no data that is declared as such': [' .globl v\n .type v, @object\nv: .word 1\n .type f, @function\nf: ret', 'f 4-5 5:1'],
  'no macros': [' .macro m n\n .globl \\n\n .type \\n, @function\n\\n: ret\nf:\n .endm\n .type f,@function\nf: ret', 'f 7-8 8:1'],
  'sections pushed and popped': [' .globl a,b\n .pushsection .data\na: .word 1\n .popsection\nb: ret', 'b 5-5 5:1'],
};

const cppCases: Record<string, [source: string, ...functions: string[]]> = {
  'scopes of namespaces and classes': [
    'namespace a::b { inline namespace v1 { struct S { int f() { return 1; } }; } }\nint a::b::S::g() const { return 2; }',
    'a::b::v1::S::f 1-1 1:55',
    'a::b::S::g 2-2 2:14',
  ],
  'what is in unnamed namespaces and extern "C"': ['namespace { int f() { } }\nextern "C" { int g() { } }', 'f 1-1 1:17', 'g 2-2 2:18'],
  'constructors with initializers': [
    'struct S : B<int> {\n  explicit S(int a) noexcept(true)\n    : B<int>(a), x{a, 2}, y(3)\n  {\n  }\n  ~S() {}\n  int x[2], y;\n};',
    'S::S 2-5 2:12',
    'S::~S 6-6 6:3',
  ],
  operators: [
    'struct S { bool operator==(S o) const { } operator int() { } int operator()(int a) { } int operator[](int a) { } };\nvoid operator delete(void *p) { }\nO &operator<<(O &o, S s) { }',
    'S::operator== 1-1 1:17',
    'S::operator int 1-1 1:43',
    'S::operator() 1-1 1:66',
    'S::operator[] 1-1 1:92',
    'operator delete 2-2 2:6',
    'operator<< 3-3 3:4',
  ],
  'templates, without their arguments': [
    'template <class T, int N = (3)> struct B { T f(T t) { } };\ntemplate <class T, int N> T B<T, N>::g(T t) { }\ntemplate <> int B<int, 3>::h() { }\ntemplate <class T> requires C<T> auto k(T t) -> decltype(t) { }',
    'B::f 1-1 1:46',
    'B::g 2-2 2:38',
    'B::h 3-3 3:28',
    'k 4-4 4:39',
  ],
  'overloads with their parameters': [
    'int add(int a, const char *b = nullptr) { }\nint add(std::vector<int> &v) { }\nint add() { }\nint one(int a) { }',
    'add(int, const char*) 1-1 1:5',
    'add(std::vector<int>&) 2-2 2:5',
    'add() 3-3 3:5',
    'one 4-4 4:5',
  ],
  'no initializers, enumerations, aliases and lambdas': [
    'std::vector<int> v{1, 2};\nenum class E : int { A, B };\nconst auto l = [](int x) { return x; };\nusing F = int (*)(int);\nint x = f({1}), y{g(2)};\nstruct P { int n; } p = { 1 };\nint f(int) { auto l = [] { struct S { int g() { } }; }; }',
    'f 7-7 7:5',
  ],
  'nothing in raw strings': ['const char *s = R"x(int f() { )" )x";\nint g() { }', 'g 2-2 2:5'],
  'access specifiers, attributes and a body that is tried': [
    'class [[nodiscard]] alignas(8) C final : public D {\npublic:\n  virtual int f() const override { }\nprivate: int g() try { } catch (...) { }\n};\n__attribute__((noinline)) static int h(int a) { }',
    'C::f 3-3 3:15',
    'C::g 4-4 4:14',
    'h 6-6 6:38',
  ],
  'a function that returns a pointer to a function': ['int (*f(int a))(char) { }', 'f 1-1 1:7'],
};

describe('functions in a source text', () => {
  for (const [name, [source, ...functions]] of Object.entries(cppCases)) {
    it(`C++: ${name}`, () => assert.deepEqual(found(source, 'cpp'), functions));
  }
  for (const [name, [source, ...functions]] of Object.entries(cCases)) {
    it(`C: ${name}`, () => assert.deepEqual(found(source, 'c'), functions));
  }
  for (const [name, [source, ...functions]] of Object.entries(assemblyCases)) {
    it(`assembly: ${name}`, () => assert.deepEqual(found(source, 'assembly'), functions));
  }

  it('are those that the compiler has made of files.c', () => {
    const samples = join(__dirname, '../../samples');
    const program = readProgram(readFileSync(join(samples, 'files.elf')), 'files.elf');
    const functions = functionsIn(readFileSync(join(samples, 'files.c'), 'utf8'), 'c');
    assert.deepEqual(functions.map(({ name }) => name).sort(), program.callSites.map(({ name }) => name).sort());
  });

  it('are found in any text, in little time', () => {
    let seed = 1;
    const random = (limit: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % limit;
    };
    const pieces = [
      '{',
      '}',
      '(',
      ')',
      ';',
      ',',
      'int ',
      'f',
      'g',
      '"',
      "'",
      '/*',
      '*/',
      '//',
      '\n',
      '#if 0\n',
      '#if\n',
      '#else\n',
      '#endif\n',
      '\\',
      '=',
      '[[',
      ']]',
    ];
    const assembly = ['f:', '.type f,@function', '.size f', '"', "'", '#', '/*', '*/', ';', '\n', ' ', '.macro', '.endm', '.text', ':'];
    for (let round = 0; round < 2000; round++) {
      const text = (from: string[]) => Array.from({ length: random(60) }, () => from[random(from.length)]).join('');
      for (const [source, language] of [
        [text(pieces), 'c'],
        [text([...pieces, 'class ', 'namespace ', 'template', '<', '>', ':', '::', 'operator', '~', 'R"(']), 'cpp'],
        [text(assembly), 'assembly'],
      ] as const) {
        const lines = source.split('\n').length;
        for (const each of functionsIn(source, language)) {
          assert.ok(
            each.startLine >= 1 && each.startLine <= each.nameLine && each.nameLine <= each.endLine && each.endLine <= lines,
            source,
          );
        }
      }
    }
    const start = performance.now();
    for (const text of [
      '{'.repeat(100_000),
      '('.repeat(100_000),
      'f('.repeat(50_000),
      '/*'.repeat(100_000),
      '#if 1\n'.repeat(20_000),
      ':'.repeat(50_000),
      'f<'.repeat(50_000),
      'class '.repeat(20_000),
    ]) {
      functionsIn(text, 'c');
      functionsIn(text, 'cpp');
      functionsIn(text, 'assembly');
    }
    assert.ok(performance.now() - start < 20_000, `${performance.now() - start} ms`);
  });
});
