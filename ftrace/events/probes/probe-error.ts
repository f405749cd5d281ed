import { type Errno, FtraceError } from '../../ftrace-error';

/** An error in a probe's text, with the kernel's words (kernel/trace/trace_probe.h, ERRORS): what is wrong, and at which character. */
export class ProbeError extends FtraceError {
  constructor(
    message: string,
    readonly at: number,
    errno: Errno = 'EINVAL',
  ) {
    super(errno, message);
  }
}
