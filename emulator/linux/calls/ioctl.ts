import { LinuxError } from '../errno';
import { OpenRegularFile, openFlag } from '../files/open-file';
import { type CallArguments, int, type ProcessState, processId, unsignedInt } from '../process-state';

/** Requests of terminals and files (include/uapi/asm-generic/ioctls.h). */
const request = {
  TCGETS: 0x5401,
  TCSETS: 0x5402,
  TCSETSW: 0x5403,
  TCSETSF: 0x5404,
  TCSBRK: 0x5409,
  TCFLSH: 0x540b,
  TIOCGPGRP: 0x540f,
  TIOCSPGRP: 0x5410,
  TIOCGWINSZ: 0x5413,
  TIOCSWINSZ: 0x5414,
  FIONREAD: 0x541b,
  FIONBIO: 0x5421,
  FIONCLEX: 0x5450,
  FIOCLEX: 0x5451,
} as const;

const rows = 24;
const columns = 80;

/** struct termios of a terminal at its defaults: input, output, control and local modes, the line discipline, the characters. */
const settings = Uint8Array.from([
  ...[0x00, 0x05, 0x00, 0x00],
  ...[0x05, 0x00, 0x00, 0x00],
  ...[0xbf, 0x00, 0x00, 0x00],
  ...[0x3b, 0x8a, 0x00, 0x00],
  ...[0, 3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0],
]);

export function ioctl(process: ProcessState, [fd, command, argument]: CallArguments): number {
  const { files, memory } = process;
  const descriptor = int(fd);
  const file = files.get(descriptor);
  switch (unsignedInt(command)) {
    case request.FIOCLEX:
    case request.FIONCLEX:
      files.setClosesOnExec(descriptor, unsignedInt(command) === request.FIOCLEX);
      return 0;
    case request.FIONBIO:
      file.flags = (file.flags & ~openFlag.nonBlock) | (memory.u32(argument) === 0 ? 0 : openFlag.nonBlock);
      return 0;
  }
  if (file instanceof OpenRegularFile && unsignedInt(command) === request.FIONREAD) {
    memory.writeU32(argument, file.unread >>> 0);
    return 0;
  }
  if (!file.isTerminal) throw new LinuxError('ENOTTY');
  switch (unsignedInt(command)) {
    case request.TCGETS:
      memory.write(argument, process.terminalSettings ?? settings);
      return 0;
    case request.TCSETS:
    case request.TCSETSW:
    case request.TCSETSF:
      process.terminalSettings = memory.read(argument, settings.length);
      return 0;
    case request.TIOCGWINSZ:
      memory.write(argument, new Uint8Array(new Uint16Array([rows, columns, 0, 0]).buffer));
      return 0;
    case request.TIOCGPGRP:
      memory.writeU32(argument, processId);
      return 0;
    case request.FIONREAD:
      memory.writeU32(argument, 0);
      return 0;
    case request.TCSBRK:
    case request.TCFLSH:
    case request.TIOCSPGRP:
    case request.TIOCSWINSZ:
      return 0;
    default:
      throw new LinuxError('ENOTTY');
  }
}
