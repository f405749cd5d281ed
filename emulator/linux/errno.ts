/** Errors of system calls, which return their negative (include/uapi/asm-generic/errno-base.h and errno.h). */
export const errno = { EBADF: 9, EFAULT: 14, EINVAL: 22, ENOSYS: 38 } as const;
