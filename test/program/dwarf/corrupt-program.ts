import { strict as assert } from 'node:assert';
import { Debuggee } from '../../../debug-adapter/debuggee';
import { FrameMemory } from '../../../debug-adapter/frame-memory';
import { findModel, type Model } from '../../../ftrace/models/models';
import { variablesOf } from '../../../program/frames/activations';
import { argumentsText } from '../../../program/frames/call-arguments';
import type { Program } from '../../../program/program';
import { ProgramError } from '../../../program/program-error';
import { readProgram } from '../../../program/read-program';
import { typeName } from '../../../program/types/type-name';
import { typeText } from '../../../program/types/type-text';
import { formatValue } from '../../../program/values/format/format-value';

/** Some of a file that changes are made in. */
export interface Part {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** Where each section of debug information is in an image. */
export function debugParts(image: Uint8Array): Part[] {
  return sectionsOf(image).filter(({ name, size }) => /^\.(debug_|eh_frame)/.test(name) && size > 0);
}

/** The headers of an image, its symbols and its table of call sites. */
export function elfParts(image: Uint8Array): Part[] {
  const view = new DataView(image.buffer, image.byteOffset);
  const headers = { name: 'section headers', offset: Number(view.getBigUint64(40, true)), size: 64 * view.getUint16(60, true) };
  const programs = { name: 'program headers', offset: Number(view.getBigUint64(32, true)), size: 56 * view.getUint16(56, true) };
  const tables = sectionsOf(image).filter(({ name }) => /^(\.symtab|\.strtab|\.shstrtab|__patchable_function_entries)$/.test(name));
  return [{ name: 'ELF header', offset: 0, size: 64 }, headers, programs, ...tables].filter(({ size }) => size > 0);
}

function sectionsOf(image: Uint8Array): Part[] {
  const view = new DataView(image.buffer, image.byteOffset);
  const headers = Number(view.getBigUint64(40, true));
  const field = (index: number, offset: number) => Number(view.getBigUint64(headers + 64 * index + offset, true));
  const names = field(view.getUint16(62, true), 24);
  return Array.from({ length: view.getUint16(60, true) }, (_, index) => {
    const start = names + view.getUint32(headers + 64 * index, true);
    const name = new TextDecoder().decode(image.subarray(start, image.indexOf(0, start)));
    return { name, offset: field(index, 24), size: field(index, 32) };
  });
}

/** A copy with some bytes of some parts changed. */
export function corrupted(image: Uint8Array, parts: readonly Part[], random: (below: number) => number): Uint8Array {
  const bytes = Uint8Array.from(image);
  for (let changes = random(6); changes >= 0; changes--) {
    const { offset, size } = parts[random(parts.length)]!;
    bytes[offset + random(random(3) ? size : Math.min(size, 64))] = [0, 1, 0x7f, 0x80, 0xff, random(256)][random(6)]!;
  }
  return bytes;
}

/** Reads a program, if it can be run at all, and asks for everything that a debugger shows. Nothing may be thrown. */
export function askAll(bytes: Uint8Array): Program | undefined {
  const program = orNoProgram(bytes);
  if (!program) return undefined;
  const { entries, types } = program.debugInfo;
  for (const name of ['visit', 'counter', 'node', 'geo', 'Rect', 'main']) {
    for (const entry of entries.named(name)) {
      const type = types.read(entry);
      typeName(type);
      typeText(type);
    }
  }
  for (const { address, size, kind } of program.symbols.all) {
    if (kind !== 'function') continue;
    argumentsText(program, address, [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
    program.debugInfo.inlinedAt(address + size / 2n);
    program.callFrames.rulesAt(address + size / 2n);
    program.lines.at(address + 10n);
  }
  for (const path of program.lines.paths.slice(0, 3)) {
    for (const { line, column } of program.lines.statementsIn(path, 1, 30)) program.lines.addressesOf(path, line, column);
  }
  return program;
}

/** What is no program that runs is refused with a ProgramError. */
function orNoProgram(bytes: Uint8Array): Program | undefined {
  try {
    return readProgram(bytes, 'program.elf');
  } catch (error) {
    if (error instanceof ProgramError) return undefined;
    throw error;
  }
}

/** Runs to an address and shows the stack there, with all variables. */
export function showStack(program: Program, address: bigint): void {
  const events = { output() {}, stopped() {}, turn() {} };
  const debuggee = new Debuggee(program, { arguments: ['program.elf'] }, findModel() as Model, events);
  debuggee.machine.setBreakpoint(address);
  debuggee.machine.run(100_000);
  for (const frame of debuggee.stack.slice(0, 10)) {
    const memory = new FrameMemory(debuggee, frame.index);
    for (const entry of (frame.activation ? variablesOf(frame.activation) : []).slice(0, 200)) {
      const value = frame.scope.valueOf(entry);
      typeName(value.type);
      assert.ok(formatValue(value, memory).length < 100_000);
    }
  }
}
