import { type Errno, FtraceError } from '../../ftrace-error';

/** What is wrong with a histogram, in the kernel's words (kernel/trace/trace_events_hist.c, ERRORS), and with which part of its text. */
export class HistError extends FtraceError {
  constructor(
    message: string,
    readonly part: string,
    errno: Errno = 'EINVAL',
  ) {
    super(errno, message);
  }
}
