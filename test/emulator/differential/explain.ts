import { decode } from '../../../riscv/decode';
import { disassembleWord } from '../../../riscv/disassemble';
import { fNames, xNames } from '../../../riscv/registers';
import { memoryWindow, stateAt, stateSize } from './layout';
import type { Difference } from './run-both';

/**
 * A failing case as an assembly program, ready to be assembled and run in a debugger: the registers and memory that are not zero are
 * set, the instructions follow; comments say what differed.
 */
export function explain(difference: Difference): string {
  const { variant, contents, state } = difference;
  const { pair, presets, steps } = variant;
  const view = new DataView(contents.buffer, contents.byteOffset);
  const hex = (value: bigint) => `0x${value.toString(16)}`;
  const memory = Array.from({ length: memoryWindow.size / 8 }, (_, index) => hex(view.getBigUint64(stateAt.memory + index * 8, true)));
  const floats = fNames.flatMap((name, index) => {
    const value = view.getBigUint64(stateAt.f + index * 8, true);
    return value === 0n ? [] : [`    li    t0, ${hex(value)}`, `    fmv.d.x ${name}, t0`];
  });
  const isPreset = (register: number) => presets.some((preset) => preset.register === register);
  const integers = xNames.flatMap((name, index) => {
    const value = view.getBigUint64(stateAt.x + index * 8, true);
    return index === 0 || value === 0n || index === pair.link || index === pair.base || isPreset(index)
      ? []
      : [`    li    ${name}, ${hex(value)}`];
  });
  const lines = steps.flatMap(({ words }, index) => [
    ...words.map((word) => {
      const known = decode(word) !== undefined;
      const text = known ? disassembleWord(word, 0n, { aliases: false }).text.replace('\t', ' ') : `.4byte ${hex(BigInt(word))}`;
      return `    ${text}`;
    }),
    ...(index === state ? differencesOf(difference).map((text) => `        # ${text}`) : []),
  ]);
  return [
    `    # found by the ${difference.engine}`,
    '    .globl _start',
    '_start:',
    `    # the window: ${memoryWindow.size} bytes at ${hex(BigInt(memoryWindow.address))}, across two pages`,
    ...(memory.some((value) => value !== '0x0') ? [`    # its contents: .quad ${memory.join(', ')}`] : []),
    ...floats,
    `    li    t0, ${hex(view.getBigUint64(stateAt.fcsr, true))}`,
    '    csrw  fcsr, t0',
    ...integers,
    ...presets.map(({ register, value }) => `    li    ${xNames[register]}, ${hex(BigInt(value))}`),
    ...(variant.jump === undefined ? [] : [`    # where it jumps: ${variant.jump} bytes on`]),
    ...lines,
  ].join('\n');
}

/** Each part of the state that differs, in words. */
function differencesOf({ ours, theirs }: Difference): string[] {
  const [here, there] = [ours, theirs].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset)) as [DataView, DataView];
  return Array.from({ length: stateSize / 8 }, (_, index) => index * 8).flatMap((at) => {
    const [one, other] = [here.getBigUint64(at, true), there.getBigUint64(at, true)];
    return one === other ? [] : [`${nameOf(at)} is 0x${one.toString(16)}, in qemu 0x${other.toString(16)}`];
  });
}

function nameOf(at: number): string {
  if (at === 0) return 'the return address, which tells where it led,';
  if (at < stateAt.f) return xNames[at / 8]!;
  if (at < stateAt.fcsr) return fNames[(at - stateAt.f) / 8]!;
  return at === stateAt.fcsr ? 'fcsr' : `memory+${at - stateAt.memory}`;
}
