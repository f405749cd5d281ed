import { isAbsolute, relative, resolve } from 'node:path';
import { nodeBuildHost } from '../debug-adapter/node-build-host';
import { BuildError } from '../program/build/build-error';
import { type BuildOptions, buildProgram } from '../program/build/build-program';
import type { Diagnostic, Program } from '../program/program';
import { complain } from './standard-output';

/** Builds or reads a program and prints all that is wrong with it; undefined where it cannot be run. */
export async function openProgram(path: string, options: BuildOptions): Promise<Program | undefined> {
  try {
    const { program, warnings } = await buildProgram(resolve(path), options, nodeBuildHost);
    for (const warning of warnings) complain(diagnosticText(warning));
    for (const note of program.notes) complain(`riscv-ftrace: ${note}`);
    return program;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const { diagnostics, message } = error;
    if (diagnostics.length === 0) complain(`riscv-ftrace: ${message}`);
    for (const diagnostic of diagnostics) complain(diagnosticText(diagnostic));
    return undefined;
  }
}

/** As compilers print it, for editors and terminals that make a link of it. */
function diagnosticText({ path, line, column, severity, message }: Diagnostic): string {
  const place = [shortest(path), ...(line > 0 ? [line, column] : [])].join(':');
  return `${place}: ${severity}: ${message}`;
}

function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return isAbsolute(path) && !fromHere.startsWith('..') ? fromHere : path;
}
