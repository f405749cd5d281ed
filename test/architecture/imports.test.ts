import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

/** The rooms from the ground up: each may import itself and those before it. */
const rooms = ['riscv', 'program', 'emulator', 'ftrace', 'debug-adapter', 'language-server', 'extension'] as const;
/** What a room may not import although it stands lower. */
const closedTo: Readonly<Record<string, readonly string[]>> = { 'language-server': ['emulator', 'ftrace', 'debug-adapter'] };
/** Rooms that a browser runs too. */
const withoutNode = ['riscv', 'program', 'emulator', 'ftrace'];
/** Packages that need no Node. */
const packagesForBrowsers = ['fflate/browser', 'fzstd'];

const root = resolve(__dirname, '../..');

describe('architecture', () => {
  const imports = [...rooms, 'command-line'].flatMap((room) => sourcesOf(room).flatMap((file) => importsOf(room, file)));

  it('finds the imports', () => {
    for (const room of ['program', 'emulator', 'ftrace', 'debug-adapter', 'extension', 'command-line']) {
      assert.ok(
        imports.some((each) => each.room === room && each.target.startsWith('.')),
        `no import seen in ${room}`,
      );
    }
  });

  it('lets imports go down only', () => {
    const wrong = imports.filter(({ room, file, target }) => {
      if (!target.startsWith('.') || target === '../package.json') return false;
      const other = roomOf(file, target);
      if (other === room) return false;
      if (room === 'command-line') return other === 'extension' || other === 'language-server' || !isRoom(other);
      if (closedTo[room]?.includes(other)) return true;
      return !isRoom(other) || rooms.indexOf(other) > rooms.indexOf(room as (typeof rooms)[number]);
    });
    assert.deepEqual(wrong.map(describeImport), []);
  });

  it('lets the extension alone import vscode', () => {
    const wrong = imports.filter(({ room, target }) => target === 'vscode' && room !== 'extension');
    assert.deepEqual(wrong.map(describeImport), []);
  });

  it('keeps Node and packages out of the rooms that a browser runs', () => {
    const isAllowed = (target: string) => target.startsWith('.') || packagesForBrowsers.includes(target);
    const wrong = imports.filter(({ room, target }) => withoutNode.includes(room) && !isAllowed(target));
    assert.deepEqual(wrong.map(describeImport), []);
    // What is set up late has its type imported, so that it is among the imports above.
    const late = packagesForBrowsers.map((name) => `${name}'`).join('|');
    const node = new RegExp(`\\b(process\\.(env|argv|stdout|hrtime|cwd)|Buffer\\.|require\\((?!'(\\.|${late})))`);
    for (const room of withoutNode) {
      for (const file of sourcesOf(room)) assert.doesNotMatch(readFileSync(file, 'utf8'), node, relative(root, file));
    }
  });

  it('knows every Node module by its node: name', () => {
    const wrong = imports.filter(({ target }) => builtinModules.includes(target));
    assert.deepEqual(wrong.map(describeImport), []);
  });
});

interface Import {
  readonly room: string;
  readonly file: string;
  readonly target: string;
}

function isRoom(name: string): name is (typeof rooms)[number] {
  return (rooms as readonly string[]).includes(name);
}

function roomOf(file: string, target: string): string {
  return relative(root, resolve(dirname(file), target)).split(/[\\/]/)[0] ?? '';
}

function describeImport({ file, target }: Import): string {
  return `${relative(root, file)} imports ${target}`;
}

function importsOf(room: string, file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern =
    /^\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => ({ room, file, target: (match[1] ?? match[2] ?? match[3])! }));
}

function sourcesOf(room: string): string[] {
  const files: string[] = [];
  const visit = (folder: string): void => {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) visit(path);
      else if (name.endsWith('.ts') && !name.endsWith('.d.ts')) files.push(path);
    }
  };
  visit(join(root, room));
  return files;
}
