/** What there is to say about a directive. */
export interface DirectiveDoc {
  readonly name: string;
  /** Its operands as GNU as's manual names them; empty where it has none. */
  readonly syntax: string;
  readonly prose: string;
  /** What completion puts in, as a snippet of the protocol; the name alone where it is absent. */
  readonly snippet?: string;
}

/** The directive of that name, in lower case and with its dot. */
export function directiveDoc(name: string): DirectiveDoc | undefined {
  return byName.get(name);
}

type Row = readonly [names: string, syntax: string, prose: string, snippet?: string];

/** GNU as manual, chapters "Pseudo Ops" and "RISC-V Directives", in our words. */
// biome-ignore format: one row per line.
const rows: readonly Row[] = [
  ['.section', 'name[, "flags"[, @type[, entsize]]]', 'Puts what follows into the section of that name. Flags: a loaded, w writable, x code, M mergeable, S strings, T thread-local, G grouped.', '.section ${1:.rodata}'],
  ['.pushsection', 'name[, subsection][, "flags"[, @type]]', 'Like .section, but .popsection comes back to the section before.', '.pushsection ${1:.rodata}\n$0\n.popsection'],
  ['.popsection', '', 'Goes back to the section before the last .pushsection.'],
  ['.previous', '', 'Exchanges the current section with the one before it.'],
  ['.subsection', 'number', 'Puts what follows into that subsection of the current section; subsections are laid out by number.'],
  ['.text', '[subsection]', 'Puts what follows into .text: code.'],
  ['.data', '[subsection]', 'Puts what follows into .data: variables with initial values.'],
  ['.bss', '[subsection]', 'Puts what follows into .bss: variables that begin as zero and take no room in the file.'],
  ['.rodata', '', 'Puts what follows into .rodata: constants.'],
  ['.globl .global', 'symbol[, ...]', 'Makes symbols visible to other sources: the linker resolves references to them.', '.globl ${1:symbol}'],
  ['.local', 'symbol[, ...]', 'Keeps symbols within this source.'],
  ['.weak', 'symbol[, ...]', 'Makes symbols global, but gives way to a definition that is not weak; an undefined one is 0.', '.weak ${1:symbol}'],
  ['.weakref', 'alias, target', 'Makes alias another name of target whose use alone does not need a definition.'],
  ['.extern', 'symbol', 'Says nothing: every undefined symbol is taken as defined elsewhere.'],
  ['.hidden', 'symbol[, ...]', 'Makes global symbols invisible outside of the linked program.'],
  ['.internal', 'symbol[, ...]', 'Like .hidden, and never called from outside.'],
  ['.protected', 'symbol[, ...]', 'References from within the program always mean its own definition.'],
  ['.type', 'symbol, @function | @object | @tls_object | @notype | @common | @gnu_indirect_function', 'Says what a symbol is. Debuggers and tracing see a function only where it is declared as @function.', '.type ${1:symbol}, @${2|function,object|}'],
  ['.size', 'symbol, expression', 'Says how many bytes a symbol has; `.size f, .-f` behind the last instruction of f.', '.size ${1:symbol}, .-${1:symbol}'],
  ['.symver', 'symbol, versioned', 'Gives a symbol a version, for shared libraries.'],
  ['.set .equ .eqv', 'symbol, expression', 'Gives a symbol a value, which a later one may change.', '.equ ${1:NAME}, ${2:value}'],
  ['.equiv', 'symbol, expression', 'Gives a symbol a value; an error where it has one.', '.equiv ${1:NAME}, ${2:value}'],
  ['.comm .common', 'symbol, size[, alignment]', 'Asks for zeroed memory that all sources with the same name share.', '.comm ${1:symbol}, ${2:8}, ${3:8}'],
  ['.lcomm', 'symbol, size[, alignment]', 'Zeroed memory in .bss, known in this source only.'],
  ['.align .p2align', 'power[, fill[, most]]', 'Goes to the next multiple of 2^power bytes; nops in code. Skips nothing where more than `most` bytes were needed.', '.p2align ${1:3}'],
  ['.p2alignw .p2alignl', 'power[, fill[, most]]', 'Like .p2align, filled with 2-byte (w) or 4-byte (l) values.'],
  ['.balign', 'bytes[, fill[, most]]', 'Goes to the next multiple of that many bytes, a power of 2.', '.balign ${1:8}'],
  ['.balignw .balignl', 'bytes[, fill[, most]]', 'Like .balign, filled with 2-byte (w) or 4-byte (l) values.'],
  ['.org', 'offset[, fill]', 'Goes on at that offset of the section; never backwards.'],
  ['.fill', 'repeat[, size[, value]]', 'Repeats a value of up to 8 bytes.'],
  ['.skip .space', 'bytes[, fill]', 'Leaves that many bytes, filled with zeros or the given byte.', '.skip ${1:bytes}'],
  ['.zero', 'bytes', 'That many bytes of zero.', '.zero ${1:bytes}'],
  ['.nops', 'bytes', 'That many bytes of nops.'],
  ['.byte', 'expression[, ...]', 'Values of 1 byte.', '.byte ${1:0}'],
  ['.half .short .hword .2byte', 'expression[, ...]', 'Values of 2 bytes.'],
  ['.word .long .int .4byte', 'expression[, ...]', 'Values of 4 bytes.'],
  ['.dword .quad .8byte', 'expression[, ...]', 'Values of 8 bytes, such as addresses.'],
  ['.octa', 'number[, ...]', 'Values of 16 bytes.'],
  ['.uleb128 .sleb128', 'expression[, ...]', 'Values in the variable-length form of DWARF, unsigned (u) or signed (s).'],
  ['.float .single', 'number[, ...]', 'Floating-point values of 4 bytes (binary32).'],
  ['.double', 'number[, ...]', 'Floating-point values of 8 bytes (binary64).'],
  ['.float16', 'number[, ...]', 'Floating-point values of 2 bytes.'],
  ['.dtprelword .dtpreldword', 'expression', 'The offset of a thread-local variable in its module, 4 or 8 bytes.'],
  ['.ascii', '"text"[, ...]', 'The bytes of a text, without a zero behind it.', '.ascii "$1"'],
  ['.asciz .string', '"text"[, ...]', 'The bytes of a text and a zero.', '.asciz "$1"'],
  ['.string8 .string16 .string32 .string64', '"text"[, ...]', 'A text whose characters take that many bits each, and a zero.'],
  ['.base64', '"text"[, ...]', 'The bytes that the base64 text stands for.'],
  ['.incbin', '"file"[, skip[, count]]', 'The bytes of a file.', '.incbin "$1"'],
  ['.include', '"file"', 'Assembles another source here.', '.include "$1"'],
  ['.macro', 'name [argument[:req|:vararg][=default], ...]', 'Defines a macro up to .endm. In its body `\\argument` is what a call gives, `\\@` the number of the call, `\\()` nothing.', '.macro ${1:name} ${2:argument}\n\t$0\n.endm'],
  ['.endm', '', 'Ends a .macro.'],
  ['.exitm', '', 'Leaves the macro that is being expanded.'],
  ['.purgem', 'name', 'Forgets a macro.'],
  ['.altmacro', '', 'Turns on the other macro dialect: LOCAL, % expressions, <text> and ! escapes.'],
  ['.noaltmacro', '', 'Turns the other macro dialect off.'],
  ['.rept .rep', 'count', 'Assembles the lines up to .endr that many times.', '.rept ${1:count}\n\t$0\n.endr'],
  ['.irp', 'symbol, value[, ...]', 'Assembles the lines up to .endr once for each value, which `\\symbol` stands for.', '.irp ${1:name}, ${2:values}\n\t$0\n.endr'],
  ['.irpc', 'symbol, characters', 'Assembles the lines up to .endr once for each character.', '.irpc ${1:name}, ${2:characters}\n\t$0\n.endr'],
  ['.endr', '', 'Ends a .rept, .irp or .irpc.'],
  ['.if', 'expression', 'Assembles what follows only where the expression is not 0.', '.if ${1:condition}\n$0\n.endif'],
  ['.ifdef', 'symbol', 'Assembles what follows only where the symbol is defined.', '.ifdef ${1:symbol}\n$0\n.endif'],
  ['.ifndef .ifnotdef', 'symbol', 'Assembles what follows only where the symbol is not defined.'],
  ['.ifb .ifnb', 'text', 'Assembles what follows where the text is blank (b), or is not (nb): for arguments of macros.'],
  ['.ifc .ifnc', 'text, text', 'Assembles what follows where both texts are the same (c), or are not (nc).'],
  ['.ifeqs .ifnes', '"text", "text"', 'Assembles what follows where both strings are the same (eqs), or are not (nes).'],
  ['.ifeq .ifne .iflt .ifle .ifgt .ifge', 'expression', 'Assembles what follows where the expression compares so with 0.'],
  ['.elseif', 'expression', 'The next case of an .if.'],
  ['.else', '', 'The other case of an .if.'],
  ['.endif', '', 'Ends an .if.'],
  ['.err', '', 'An error.'],
  ['.error', '"message"', 'An error with that message.', '.error "$1"'],
  ['.warning', '"message"', 'A warning with that message.'],
  ['.print', '"text"', 'Prints a text while assembling.'],
  ['.fail', 'expression', 'An error below 500, a warning from there on.'],
  ['.abort', '', 'Stops assembling.'],
  ['.end', '', 'Ends the source: what follows is not read.'],
  ['.option', 'rvc | norvc | relax | norelax | pic | nopic | arch, ... | push | pop', 'RISC-V options: compressed instructions, linker relaxation, addresses by the offset table, extensions (`.option arch, +zbb`), keeping and restoring them.', '.option ${1|rvc,norvc,relax,norelax,pic,nopic,push,pop,arch|}'],
  ['.attribute', 'tag, value', 'An attribute of the RISC-V object file, such as `arch, "rv64gc"`.'],
  ['.insn', 'value | length, value | format, operands', 'An instruction by its encoding, for those that the assembler does not know.', '.insn ${1|r,i,s,b,u,j,r4,ca,cb,ci,ciw,cl,cr,cs,cj,css|} $2'],
  ['.variant_cc', 'symbol', 'The function of that name does not keep to the standard calling convention.'],
  ['.file', '["directory",] "name" | number "name"', 'The name of the source, or a file of the line table.'],
  ['.loc', 'file line [column] [options]', 'The line of the source that the next instruction belongs to.'],
  ['.loc_mark_labels', 'enable', 'Whether labels begin basic blocks in the line table.'],
  ['.ident', '"text"', 'A text in the section .comment.'],
  ['.line', 'number', 'The number of the next line.'],
  ['.ln', 'number', 'The number of the next line.'],
  ['.version', '"text"', 'A note with that text.'],
  ['.addrsig .addrsig_sym', '[symbol]', "Tells LLVM's linker whose addresses matter; it makes no bytes."],
  ['.cfi_sections', 'section[, section]', 'Where unwind tables go: .debug_frame, .eh_frame.'],
  ['.cfi_startproc', '[simple]', 'Begins the unwind information of a function.', '.cfi_startproc\n$0\n.cfi_endproc'],
  ['.cfi_endproc', '', 'Ends the unwind information of a function.'],
  ['.cfi_def_cfa', 'register, offset', 'The canonical frame address is now register plus offset.'],
  ['.cfi_def_cfa_register', 'register', 'The canonical frame address is now found from that register.'],
  ['.cfi_def_cfa_offset', 'offset', 'The canonical frame address is now that far from its register: after `addi sp, sp, -16` it is 16.', '.cfi_def_cfa_offset ${1:16}'],
  ['.cfi_adjust_cfa_offset', 'offset', 'Adds to the distance of the canonical frame address.'],
  ['.cfi_offset', 'register, offset', 'The register was saved at that offset from the canonical frame address.', '.cfi_offset ${1:ra}, ${2:-8}'],
  ['.cfi_rel_offset', 'register, offset', 'The register was saved at that offset from the register of the canonical frame address.'],
  ['.cfi_val_offset', 'register, offset', 'The register was the canonical frame address plus that offset.'],
  ['.cfi_register', 'register, register', 'The first register was saved in the second.'],
  ['.cfi_restore', 'register', 'The register is again where it was at the start of the function.'],
  ['.cfi_undefined', 'register', 'The register cannot be restored.'],
  ['.cfi_same_value', 'register', 'The register is unchanged.'],
  ['.cfi_remember_state', '', 'Keeps the unwind rules for .cfi_restore_state.'],
  ['.cfi_restore_state', '', 'Brings the kept unwind rules back.'],
  ['.cfi_return_column', 'register', 'The return address is in that register.'],
  ['.cfi_signal_frame', '', 'The function is called by the kernel for a signal.'],
  ['.cfi_escape', 'byte[, ...]', 'Bytes of unwind information, as DWARF has them.'],
  ['.cfi_personality', 'encoding[, symbol]', 'The function that handles exceptions.'],
  ['.cfi_lsda', 'encoding[, symbol]', 'The data of the function that handles exceptions.'],
  ['.cfi_personality_id .cfi_fde_data .cfi_inline_lsda', '...', 'Compact unwind information.'],
  ['.cfi_val_encoded_addr .cfi_window_save .cfi_label', '...', 'Unwind information that other machines use.'],
  ['.lto_discard', '[symbol, ...]', 'Symbols that link-time optimization drops.'],
  ['.linkonce', '[type]', 'Keeps one copy of a section.'],
  ['.title .sbttl .list .nolist .psize .eject', '...', 'Says how a listing looks; it makes no bytes.'],
  ['.struct', 'offset', 'Labels that follow are offsets from there, for naming the fields of a structure.'],
  ['.offset', 'offset', 'Labels that follow are offsets from there.'],
  ['.reloc', 'offset, name[, expression]', 'A relocation at an offset of the section.'],
  ['.dc .dc.a .dc.b .dc.d .dc.l .dc.s .dc.w', 'expression[, ...]', 'Values: b 1 byte, w 2, l 4, a an address, s and d floating-point.'],
  ['.dcb .dcb.b .dcb.d .dcb.l .dcb.s .dcb.w', 'count[, value]', 'A value repeated.'],
  ['.ds .ds.b .ds.d .ds.l .ds.p .ds.s .ds.w .ds.x', 'count[, fill]', 'Room for that many values.'],
  ['.gnu_attribute .tag .def .endef .dim .scl .val .desc .stabs .stabn .stabd .stabx .func .endfunc', '...', 'Debug information of other formats.'],
];

/** All of them. */
export const directiveDocs: readonly DirectiveDoc[] = rows.flatMap(([names, syntax, prose, snippet]) => {
  const [first, ...others] = names.split(' ');
  const doc = (name: string) => ({ name, syntax, prose, ...(snippet !== undefined && { snippet: snippet.replace(first!, name) }) });
  return [first!, ...others].map(doc);
});

const byName: ReadonlyMap<string, DirectiveDoc> = new Map(directiveDocs.map((doc) => [doc.name, doc]));
