/** Makes samples/files.elf again from its source: `npx tsx scripts/build-samples.ts`. It needs clang-19 and lld-19. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodeBuildHost } from '../debug-adapter/node-build-host';
import { compileC } from '../program/build/compile-c';

const samples = resolve(__dirname, '../samples');

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const source = join(samples, 'files.c');
  const text = new TextDecoder().decode(await nodeBuildHost.readFile(source));
  // Source paths relative to the ELF file: it is read on other machines.
  const compilerArgs = [`-ffile-prefix-map=${samples}=.`];
  const { image } = await compileC(source, text, samples, { compiler: 'clang-19', compilerArgs, ownRuntime: true }, nodeBuildHost);
  writeFileSync(join(samples, 'files.elf'), image, { mode: 0o755 });
  process.stdout.write(`samples/files.elf: ${image.length} bytes\n`);
}
