/** `npm run package`: `dist/riscv-ftrace.vsix`, from fresh bundles. */
import { packageExtension } from './vsix';

packageExtension().then(
  ({ path, size }) => process.stdout.write(`${path}: ${(size / 1e6).toFixed(2)} MB\n`),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  },
);
