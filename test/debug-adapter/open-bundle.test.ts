import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledPath, sealed } from '../../debug-adapter/compiled-bundle';
import { keptModulesPath, keptModulesText } from '../../debug-adapter/kept-modules-text';
import { openBundle, openEngine } from '../../debug-adapter/open-bundle';

describe('A bundle with what is kept beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'open-bundle-'));
  const path = join(folder, 'bundle.js');
  const text = 'exports.kept = []; exports.keepModules = (modules) => exports.kept.push(...modules.keys());';
  const seal = createHash('sha256').update(text).digest('hex');
  writeFileSync(path, sealed(text, seal));
  after(() => rmSync(folder, { recursive: true }));

  const modulesOf = (): readonly string[] => (openEngine(path) as { readonly kept: string[] }).kept;

  it('starts where nothing is kept', () => {
    assert.equal(openBundle(path).startsFromCode, false);
    assert.deepEqual(modulesOf(), []);
  });

  it("starts from V8's code", () => {
    const first = openBundle(path);
    first.run();
    writeFileSync(compiledPath(path), first.compiled());
    assert.equal(openBundle(path).startsFromCode, true);
  });

  it('is given the modules, unless they are those of another bundle', () => {
    const modules = new Map([['interpreter', Uint8Array.of(0, 97, 115, 109)]]);
    writeFileSync(keptModulesPath(path), keptModulesText(modules, seal));
    assert.deepEqual(modulesOf(), ['interpreter']);
    writeFileSync(keptModulesPath(path), keptModulesText(modules, '0'.repeat(64)));
    assert.deepEqual(modulesOf(), []);
  });
});
