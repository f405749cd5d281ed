/** What the kernel would have answered with a negative errno, as an exception. */
export class FtraceError extends Error {
  override readonly name = 'FtraceError';

  constructor(
    /** The errno's name (errno(7)). */
    readonly errno: 'EINVAL' | 'EFAULT' | 'ENOMEM',
    message: string,
  ) {
    super(message);
  }
}
