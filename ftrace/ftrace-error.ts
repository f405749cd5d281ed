/** The errno names (errno(7)) that ftrace and tracefs answer with, and the C library's words for them. */
export const errnoTexts = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EBADF: 'Bad file descriptor',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EFAULT: 'Bad address',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  ENODEV: 'No such device',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ENOSPC: 'No space left on device',
  ERANGE: 'Numerical result out of range',
  ENAMETOOLONG: 'File name too long',
  EOVERFLOW: 'Value too large for defined data type',
  EOPNOTSUPP: 'Operation not supported',
} as const;

export type Errno = keyof typeof errnoTexts;

/** What the kernel would have answered with a negative errno, as an exception. */
export class FtraceError extends Error {
  override readonly name = 'FtraceError';

  constructor(
    /** The errno's name (errno(7)). */
    readonly errno: Errno,
    message: string = errnoTexts[errno],
  ) {
    super(message);
  }
}
