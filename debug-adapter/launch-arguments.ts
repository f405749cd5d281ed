import type { DebugProtocol } from '@vscode/debugprotocol';
import type { MachineKind } from '../emulator/machine-kind';
import type { MountArguments } from './mounts';
import type { SourceMapArguments } from './source-map';
import type { TraceMarker } from './trace-protocol';

/** The `launch` request's arguments; package.json describes the same to VS Code. */
export interface LaunchArguments extends DebugProtocol.LaunchRequestArguments {
  /** A `.s`/`.S` file, a `.c` file or a static riscv64 ELF. */
  program: string;
  args?: string[];
  /** Where a relative `program` is looked for; the adapter's own working directory unless told. */
  cwd?: string;
  stopOnEntry?: boolean;
  /** Functions or globs traced from the start. */
  trace?: string[];
  /** Markers of the editor, in force from the first instruction. */
  traceMarkers?: TraceMarker[];
  /** False assembles without call sites: nothing can be traced. True unless told. */
  callSites?: boolean;
  /** What the program runs on: `linux` or `bare-metal`; what it looks made for unless told. */
  machine?: MachineKind;
  /** The extensions that the machine has, as an ISA string such as `rv64gc_zba`; all that there are unless told. */
  isa?: string;
  /** MiB of memory that the program may have; 256 unless told. */
  memory?: number;
  /** Folders of this computer that the program reaches, by path in the guest. */
  mounts?: MountArguments;
  /** Where the sources are on this computer, by the folder in which they were compiled. */
  sourceMap?: SourceMapArguments;
  /** As which kernels tracing works: `regs`, `args` (unless told) or `call-ops`. */
  'ftrace.model'?: string;
  /** Which instructions of a call site are written: `single` or `pair`, where the model allows both. */
  'ftrace.patching'?: string;
  /** The C compiler: a path or a name on PATH; unless told, the first of clang and riscv64 gcc found. */
  compiler?: string;
  /** More flags for it. */
  compilerArgs?: string[];
}
