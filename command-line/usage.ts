import { defaultMemory } from '../emulator/linux/linux-process';
import { defaultKilobytes } from '../ftrace/ring-buffer';

export const usage = `\
Traces the functions of RISC-V programs as Linux ftrace does.

usage: riscv-ftrace run [-l FUNCTION_OR_GLOB]... [-g] [-e SCRIPT]... [--after SCRIPT]... [-o FILE] [--format FORMAT]
                        [-b KB] [-m MODEL] [--no-call-sites] [--stats] [--isa ISA]
                        [--machine linux|bare-metal] [--memory MIB] [--mount HOST:GUEST[:rw]]... PROGRAM [ARGS]
       riscv-ftrace list PROGRAM
       riscv-ftrace compare -l FUNCTION_OR_GLOB PROGRAM [ARGS]
       riscv-ftrace selftest [MODEL]...
       riscv-ftrace as FILE... [-o OUT] [-I DIR]... [-D NAME[=VALUE]]... [-march=ISA] [-Ttext=ADDRESS] [--call-sites]
                       [--relax]
       riscv-ftrace disassemble [--no-aliases] [-S] PROGRAM
       riscv-ftrace --help | --version

PROGRAM is a .s, .S or .asm file, a .c or C++ file (compiled by the clang or riscv64 gcc on PATH) or a static riscv64 ELF.

run     Runs the program with its standard input, output and error output. Everything after PROGRAM is the program's;
        its environment is empty, so that runs repeat exactly. When it ends, the trace follows on standard output.
        The exit status is the program's (on a bare machine what it stores to tohost or the test device, or gives to
        semihosting), or 128 and a signal's number where an exception ended it; 2 where it could not be run.
  -l FUNCTION_OR_GLOB  trace the functions of this name, or that the glob matches (* ? [a-z] and \\); may be repeated.
                       A number is the function of that line of "list"; with ! before it the functions are left out.
  -o FILE              write the trace to FILE.
  -g, --graph          trace calls with their returns, nested, as function_graph does.
  -e SCRIPT            before the program, do this in tracefs: 'echo fib > set_ftrace_filter; echo function > current_tracer'.
                       echo, cat, head, tail, ls, mkdir, rmdir, > and >> are there; may be repeated.
  --after SCRIPT       the same when the program has ended: 'cat trace'.
  --format FORMAT      text, json, chrome (Perfetto), cpuprofile (VS Code), folded (flame graphs), trace.dat or
                       trace.dat.v6 (trace-cmd, KernelShark).
  -b KB                keep that much of the trace, in KB as the kernel counts (31 calls each); the oldest give way.
                       ${defaultKilobytes} unless told.
  -m, --model MODEL    trace as Linux 6.3 to 6.9 (regs), 6.10 to 6.15 (args, unless told) or 6.16 and later (call-ops) does.
  --patching HOW       write one instruction of a call site (single) or both (pair), where the model allows both.
  --json               the same as --format json: one JSON object per call: ip, parent_ip, timestamp (nanoseconds), function,
                       parent, and ftrace_regs with every field of the frame. Addresses and registers are hex strings.
  --no-call-sites      assemble a .s file without call sites: nothing can be traced.
  --stats              say on error output how the translator of hot code fared: regions made and dropped, and why.
  --isa ISA            the extensions of the machine, such as rv64gc_zba: other instructions are illegal. All that there
                       are unless told.
  --machine MACHINE    linux, or bare-metal: machine and user mode, RAM at 0x80000000, the devices of QEMU's virt machine,
                       HTIF, semihosting. Unless told, what the program looks made for.
  --memory MIB         the memory that the program may have; ${defaultMemory} MiB unless told.
  --mount HOST:GUEST   let the program read the folder HOST of this computer under the path GUEST; with :rw after it, change
                       it too. Other files of this computer are out of its reach; its own are in memory.

compare Runs the program under each model of ftrace and prints what a traced call of the functions costs: stack bytes,
        instructions retired, bytes loaded and stored, instructions written to turn it on, whether harts have to stop.

selftest  Runs the self-tests of the kernel's ftrace under each model.

list    Prints the names of the functions that can be traced, one a line, by their addresses.

as      Assembles .s and .S files in the dialect of GNU as and links them to one static riscv64 ELF file with debug
        information; symbols resolve across the files. Errors and warnings are printed as compilers do; the exit status
        is 1 where there are errors. A FILE "-" is standard input.
  -o OUT               the file to write; a.out unless told.
  -I DIR               look here for what .include, .incbin and #include name, after the folder of the including file.
  -D NAME[=VALUE]      define a macro for the C preprocessor, which goes over .S files.
  -march=ISA           the extensions that may be used, such as rv64gc_zba_zbb; rv64gc unless told.
  -Ttext=ADDRESS       the address of the code, in hexadecimal; 10000 unless told.
  --call-sites         a patchable call site at the start of every function, as "run" has it.
  --relax              shorten calls and addresses when linking, as "ld --relax" does: jal for call, gp, tp or x0 as the base
                       of what is near. The program has to set gp, as "la gp, __global_pointer$" does under .option norelax.
  -W, --fatal-warnings no warnings; or warnings count as errors.

disassemble  Prints the instructions of the program as "objdump -d" does.
  --no-aliases         no aliases, and compressed instructions by their own names, as "objdump -d -M no-aliases".
  -S, --source         the lines of the source before the code that they have become.
`;
