import { fNames, xNames, xNumber } from '../../riscv/registers';

/** What the calling convention says of a register (RISC-V psABI, chapter "Register Convention"). */
export interface RegisterRole {
  /** The ABI name and the number's name: `a0`, `x10`. */
  readonly name: string;
  readonly numbered: string;
  readonly role: string;
  readonly saver: 'caller' | 'callee' | 'nobody';
}

/** The register of that name, ABI or numbered; undefined where there is none. */
export function registerNamed(name: string): RegisterRole | undefined {
  return roles.get(name);
}

/** The name that people know a register by: `a0` for `x10`. */
export function shownName(name: string): string {
  return roles.get(name)?.name ?? name;
}

/** All registers by their ABI names, integers first. */
export const registers: readonly RegisterRole[] = [
  ...xNames.map((name, number) => ({ name, numbered: `x${number}`, ...integerRole(name, number) })),
  ...fNames.map((name, number) => ({ name, numbered: `f${number}`, ...floatRole(name, number) })),
];

const roles: ReadonlyMap<string, RegisterRole> = new Map([
  ...registers.flatMap((role): [string, RegisterRole][] => [
    [role.name, role],
    [role.numbered, role],
  ]),
  ['fp', registers[xNumber('fp')!]!] as const,
]);

function integerRole(name: string, number: number): Pick<RegisterRole, 'role' | 'saver'> {
  const special: Readonly<Record<string, Pick<RegisterRole, 'role' | 'saver'>>> = {
    zero: { role: 'Always 0; what is written to it is lost.', saver: 'nobody' },
    ra: { role: 'Return address: where `ret` goes. A call overwrites it.', saver: 'caller' },
    sp: { role: 'Stack pointer, a multiple of 16 at every call.', saver: 'callee' },
    gp: { role: 'Global pointer: the linker reaches small data from it. A program does not change it.', saver: 'nobody' },
    tp: { role: 'Thread pointer: thread-local variables are found from it. A program does not change it.', saver: 'nobody' },
    t0: {
      role: 'Temporary; the alternate link register. A traced call site puts its return address here (`jalr t0`).',
      saver: 'caller',
    },
    s0: { role: 'Saved register; the frame pointer where there is one (`fp`).', saver: 'callee' },
    a0: { role: 'First argument, and the return value.', saver: 'caller' },
    a1: { role: 'Second argument, and the upper half of a return value of 16 bytes.', saver: 'caller' },
    a7: { role: 'Eighth argument; under Linux the number of the system call.', saver: 'caller' },
  };
  if (special[name]) return special[name];
  if (name.startsWith('t')) return { role: 'Temporary: a call may change it.', saver: 'caller' };
  if (name.startsWith('s')) return { role: 'Saved register: a function that writes it restores it before it returns.', saver: 'callee' };
  return { role: `Argument ${number - 9} of a call.`, saver: 'caller' };
}

function floatRole(name: string, number: number): Pick<RegisterRole, 'role' | 'saver'> {
  if (name === 'fa0') return { role: 'First floating-point argument, and the return value.', saver: 'caller' };
  if (name === 'fa1') return { role: 'Second floating-point argument, and the second half of a return value.', saver: 'caller' };
  if (name.startsWith('fa')) return { role: `Floating-point argument ${number - 9} of a call.`, saver: 'caller' };
  if (name.startsWith('ft')) return { role: 'Floating-point temporary: a call may change it.', saver: 'caller' };
  return { role: 'Floating-point saved register: a function that writes it restores it before it returns.', saver: 'callee' };
}
