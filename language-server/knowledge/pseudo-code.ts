/** The meaning of an instruction in one line of pseudo-code, by its mnemonic; undefined where its prose says it better. */
export function pseudoCode(mnemonic: string): string | undefined {
  return table[mnemonic];
}

const memory = (bits: number) => `memory${bits}[rs1 + offset]`;
const word = (text: string) => `rd = sext32(${text})`;

// biome-ignore format: a few to a line.
const table: Readonly<Record<string, string>> = {
  lui: 'rd = sext32(upper20 << 12)', auipc: 'rd = pc + sext32(upper20 << 12)',
  jal: 'rd = pc + 4; pc = target', jalr: 't = (rs1 + offset) & ~1; rd = pc + 4; pc = t',
  beq: 'if (rs1 == rs2) pc = target', bne: 'if (rs1 != rs2) pc = target',
  blt: 'if (signed(rs1) < signed(rs2)) pc = target', bge: 'if (signed(rs1) >= signed(rs2)) pc = target',
  bltu: 'if (rs1 < rs2) pc = target', bgeu: 'if (rs1 >= rs2) pc = target',
  lb: `rd = sext(${memory(8)})`, lh: `rd = sext(${memory(16)})`, lw: `rd = sext(${memory(32)})`, ld: `rd = ${memory(64)}`,
  lbu: `rd = zext(${memory(8)})`, lhu: `rd = zext(${memory(16)})`, lwu: `rd = zext(${memory(32)})`,
  sb: `${memory(8)} = rs2`, sh: `${memory(16)} = rs2`, sw: `${memory(32)} = rs2`, sd: `${memory(64)} = rs2`,
  addi: 'rd = rs1 + immediate', slti: 'rd = signed(rs1) < immediate', sltiu: 'rd = rs1 < unsigned(immediate)',
  xori: 'rd = rs1 ^ immediate', ori: 'rd = rs1 | immediate', andi: 'rd = rs1 & immediate',
  slli: 'rd = rs1 << shamt', srli: 'rd = rs1 >> shamt', srai: 'rd = signed(rs1) >> shamt',
  add: 'rd = rs1 + rs2', sub: 'rd = rs1 - rs2', sll: 'rd = rs1 << (rs2 & 63)', slt: 'rd = signed(rs1) < signed(rs2)',
  sltu: 'rd = rs1 < rs2', xor: 'rd = rs1 ^ rs2', srl: 'rd = rs1 >> (rs2 & 63)', sra: 'rd = signed(rs1) >> (rs2 & 63)',
  or: 'rd = rs1 | rs2', and: 'rd = rs1 & rs2',
  addiw: word('rs1 + immediate'), slliw: word('rs1 << shamt'), srliw: word('low32(rs1) >> shamt'), sraiw: word('signed32(rs1) >> shamt'),
  addw: word('rs1 + rs2'), subw: word('rs1 - rs2'), sllw: word('rs1 << (rs2 & 31)'), srlw: word('low32(rs1) >> (rs2 & 31)'),
  sraw: word('signed32(rs1) >> (rs2 & 31)'),
  csrrw: 't = csr; csr = rs1; rd = t', csrrs: 't = csr; csr = t | rs1; rd = t', csrrc: 't = csr; csr = t & ~rs1; rd = t',
  csrrwi: 't = csr; csr = uimm; rd = t', csrrsi: 't = csr; csr = t | uimm; rd = t', csrrci: 't = csr; csr = t & ~uimm; rd = t',
  mul: 'rd = low64(rs1 * rs2)', mulh: 'rd = high64(signed(rs1) * signed(rs2))', mulhsu: 'rd = high64(signed(rs1) * rs2)',
  mulhu: 'rd = high64(rs1 * rs2)', mulw: word('rs1 * rs2'),
  div: 'rd = rs2 == 0 ? -1 : signed(rs1) / signed(rs2)', divu: 'rd = rs2 == 0 ? -1 : rs1 / rs2',
  rem: 'rd = rs2 == 0 ? rs1 : signed(rs1) % signed(rs2)', remu: 'rd = rs2 == 0 ? rs1 : rs1 % rs2',
  divw: word('rs2 == 0 ? -1 : signed32(rs1) / signed32(rs2)'), divuw: word('rs2 == 0 ? -1 : low32(rs1) / low32(rs2)'),
  remw: word('rs2 == 0 ? rs1 : signed32(rs1) % signed32(rs2)'), remuw: word('rs2 == 0 ? rs1 : low32(rs1) % low32(rs2)'),
  fence: 'accesses of the first set come before those of the second', 'fence.i': 'later fetches see earlier stores',
  ecall: 'call the environment', ebreak: 'call the debugger', pause: 'let others run for a while', wfi: 'wait for an interrupt',
  mret: 'pc = mepc; mode = mstatus.MPP; mstatus.MIE = mstatus.MPIE', sret: 'pc = sepc; mode = sstatus.SPP; sstatus.SIE = sstatus.SPIE',
  'prefetch.i': 'fetch of rs1 + offset is likely', 'prefetch.r': 'load of rs1 + offset is likely', 'prefetch.w': 'store to rs1 + offset is likely',
  'cbo.inval': 'forget the cache block of rs1', 'cbo.clean': 'write the cache block of rs1 back', 'cbo.flush': 'write the cache block of rs1 back and forget it',
  'cbo.zero': 'the cache block of rs1 = 0',
  'czero.eqz': 'rd = rs2 == 0 ? 0 : rs1', 'czero.nez': 'rd = rs2 != 0 ? 0 : rs1',
  'add.uw': 'rd = low32(rs1) + rs2', 'slli.uw': 'rd = low32(rs1) << shamt',
  sh1add: 'rd = (rs1 << 1) + rs2', sh2add: 'rd = (rs1 << 2) + rs2', sh3add: 'rd = (rs1 << 3) + rs2',
  'sh1add.uw': 'rd = (low32(rs1) << 1) + rs2', 'sh2add.uw': 'rd = (low32(rs1) << 2) + rs2', 'sh3add.uw': 'rd = (low32(rs1) << 3) + rs2',
  andn: 'rd = rs1 & ~rs2', orn: 'rd = rs1 | ~rs2', xnor: 'rd = ~(rs1 ^ rs2)',
  clz: 'rd = zeros above the highest 1 of rs1', ctz: 'rd = zeros below the lowest 1 of rs1', cpop: 'rd = number of 1 bits in rs1',
  clzw: 'rd = zeros above the highest 1 of low32(rs1)', ctzw: 'rd = zeros below the lowest 1 of low32(rs1)', cpopw: 'rd = number of 1 bits in low32(rs1)',
  max: 'rd = max(signed(rs1), signed(rs2))', maxu: 'rd = max(rs1, rs2)', min: 'rd = min(signed(rs1), signed(rs2))', minu: 'rd = min(rs1, rs2)',
  'sext.b': 'rd = sext(low8(rs1))', 'sext.h': 'rd = sext(low16(rs1))', 'zext.h': 'rd = low16(rs1)',
  rol: 'rd = rs1 rotated left by rs2 & 63', ror: 'rd = rs1 rotated right by rs2 & 63', rori: 'rd = rs1 rotated right by shamt',
  rolw: word('low32(rs1) rotated left by rs2 & 31'), rorw: word('low32(rs1) rotated right by rs2 & 31'), roriw: word('low32(rs1) rotated right by shamt'),
  'orc.b': 'each byte of rd = byte of rs1 == 0 ? 0 : 0xff', rev8: 'rd = bytes of rs1 in reverse order',
  clmul: 'rd = low64(rs1 ⊗ rs2), without carries', clmulh: 'rd = high64(rs1 ⊗ rs2), without carries', clmulr: 'rd = bits 126-63 of rs1 ⊗ rs2, without carries',
  bclr: 'rd = rs1 & ~(1 << (rs2 & 63))', bclri: 'rd = rs1 & ~(1 << shamt)', bext: 'rd = (rs1 >> (rs2 & 63)) & 1', bexti: 'rd = (rs1 >> shamt) & 1',
  binv: 'rd = rs1 ^ (1 << (rs2 & 63))', binvi: 'rd = rs1 ^ (1 << shamt)', bset: 'rd = rs1 | (1 << (rs2 & 63))', bseti: 'rd = rs1 | (1 << shamt)',
  flh: `rd = box(${memory(16)})`, flw: `rd = box(${memory(32)})`, fld: `rd = ${memory(64)}`,
  fsh: `${memory(16)} = rs2`, fsw: `${memory(32)} = rs2`, fsd: `${memory(64)} = rs2`,
  ...floatingPoint('h', 'float16'), ...floatingPoint('s', 'float32'), ...floatingPoint('d', 'float64'), ...conversions(),
  'lr.w': 'rd = sext(memory32[rs1]); reserve rs1', 'lr.d': 'rd = memory64[rs1]; reserve rs1',
  'sc.w': 'if (reserved(rs1)) { memory32[rs1] = rs2; rd = 0 } else rd = 1', 'sc.d': 'if (reserved(rs1)) { memory64[rs1] = rs2; rd = 0 } else rd = 1',
  ...atomics('swap', 'rs2'), ...atomics('add', 't + rs2'), ...atomics('xor', 't ^ rs2'), ...atomics('and', 't & rs2'), ...atomics('or', 't | rs2'),
  ...atomics('min', 'min(signed(t), signed(rs2))'), ...atomics('max', 'max(signed(t), signed(rs2))'),
  ...atomics('minu', 'min(t, rs2)'), ...atomics('maxu', 'max(t, rs2)'),
};

function atomics(name: string, value: string): Record<string, string> {
  return {
    [`amo${name}.w`]: `t = sext(memory32[rs1]); memory32[rs1] = ${value}; rd = t`,
    [`amo${name}.d`]: `t = memory64[rs1]; memory64[rs1] = ${value}; rd = t`,
  };
}

/** The operations of one format, whose values are rounded as the instruction or frm says. */
function floatingPoint(suffix: string, type: string): Record<string, string> {
  // biome-ignore format: a few to a line.
  const operations: Readonly<Record<string, string>> = {
    fadd: 'rd = rs1 + rs2', fsub: 'rd = rs1 - rs2', fmul: 'rd = rs1 * rs2', fdiv: 'rd = rs1 / rs2', fsqrt: 'rd = sqrt(rs1)',
    fmadd: 'rd = rs1 * rs2 + rs3, rounded once', fmsub: 'rd = rs1 * rs2 - rs3, rounded once',
    fnmsub: 'rd = -(rs1 * rs2) + rs3, rounded once', fnmadd: 'rd = -(rs1 * rs2) - rs3, rounded once',
    fsgnj: 'rd = abs(rs1) with the sign of rs2', fsgnjn: 'rd = abs(rs1) with the opposite sign of rs2', fsgnjx: 'rd = rs1 with the signs of rs1 ^ rs2',
    fmin: 'rd = min(rs1, rs2); a number wins over a NaN', fmax: 'rd = max(rs1, rs2); a number wins over a NaN',
    fminm: 'rd = min(rs1, rs2); a NaN wins', fmaxm: 'rd = max(rs1, rs2); a NaN wins',
    feq: 'rd = rs1 == rs2', flt: 'rd = rs1 < rs2', fle: 'rd = rs1 <= rs2', fltq: 'rd = rs1 < rs2, quiet', fleq: 'rd = rs1 <= rs2, quiet',
    fclass: 'rd = 1 << class of rs1: -inf, -normal, -subnormal, -0, 0, subnormal, normal, inf, sNaN, qNaN',
    fround: 'rd = rs1 rounded to an integer', froundnx: 'rd = rs1 rounded to an integer; inexact where it differs', fli: 'rd = constant',
  };
  return Object.fromEntries(Object.entries(operations).map(([name, text]) => [`${name}.${suffix}`, `${text} (${type})`]));
}

function conversions(): Record<string, string> {
  const formats = { h: 'float16', s: 'float32', d: 'float64' } as const;
  const integers = { w: 'int32', wu: 'uint32', l: 'int64', lu: 'uint64' } as const;
  const texts: Record<string, string> = {
    'fmv.x.h': 'rd = sext(bits of rs1)',
    'fmv.h.x': 'rd = box(low16(rs1))',
    'fmv.x.w': 'rd = sext(bits of rs1)',
    'fmv.w.x': 'rd = box(low32(rs1))',
    'fmv.x.d': 'rd = bits of rs1',
    'fmv.d.x': 'rd = bits of rs1',
    'fcvtmod.w.d': 'rd = sext32(integer of rs1 modulo 2^32), towards zero',
  };
  for (const [format, type] of Object.entries(formats)) {
    for (const [integer, integerType] of Object.entries(integers)) {
      texts[`fcvt.${integer}.${format}`] = `rd = ${integerType}(rs1), saturated`;
      texts[`fcvt.${format}.${integer}`] = `rd = ${type}(${integerType} of rs1)`;
    }
    for (const other of Object.keys(formats)) if (other !== format) texts[`fcvt.${format}.${other}`] = `rd = ${type}(rs1)`;
  }
  return texts;
}
