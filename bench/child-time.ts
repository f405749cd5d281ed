import { execFileSync } from 'node:child_process';

export interface ChildTime {
  /** Of all threads, in seconds. */
  readonly cpu: number;
  readonly wall: number;
  /** The lines that it has printed. */
  readonly output: string;
}

/**
 * What a command of the shell takes, as its `times` says of its children. Throws where it fails. Of this process's environment it has PATH
 * alone: what variables make Node read when it starts is no part of what is measured.
 */
export function childTime(command: string): ChildTime {
  const start = performance.now();
  const text = execFileSync('sh', ['-c', `${command} && times`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH },
  });
  const wall = (performance.now() - start) / 1000;
  // The last of its two lines is about the children.
  const lines = text.trimEnd().split('\n');
  const cpu = [...lines.at(-1)!.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
  const printed = lines.slice(0, -2).map((line) => `${line}\n`);
  return { cpu, wall, output: printed.join('') };
}
