/* A bytecode interpreter: a switch in a loop, which compilers make a table of jumps. */
#include "bench.h"

enum { PUSH, LOAD, STORE, ADD, SUB, MUL, XOR, SHR, LESS, JUMP, JUMP_IF, DUP, SWAP, HALT };

/* i = n; do { a = (a + i) * 3 ^ i >> 2; i = i - 1 } while (0 < i) */
static const uint8_t code[] = {
	LOAD, 0, LOAD, 1, ADD, PUSH, 3, MUL, LOAD, 1, PUSH, 2, SHR, XOR, STORE, 0, LOAD, 1, PUSH, 1, SUB, DUP, STORE, 1,
	PUSH, 0, SWAP, LESS, JUMP_IF, 0, HALT,
};

static uint64_t interpret(uint64_t a, uint64_t n)
{
	uint64_t stack[16], variables[2] = { a, n };
	uint64_t *top = stack;
	for (const uint8_t *pc = code;;) {
		switch (*pc++) {
		case PUSH: *top++ = *pc++; break;
		case LOAD: *top++ = variables[*pc++]; break;
		case STORE: variables[*pc++] = *--top; break;
		case ADD: top--; top[-1] += *top; break;
		case SUB: top--; top[-1] -= *top; break;
		case MUL: top--; top[-1] *= *top; break;
		case XOR: top--; top[-1] ^= *top; break;
		case SHR: top--; top[-1] >>= *top; break;
		case LESS: top--; top[-1] = top[-1] < *top; break;
		case JUMP: pc = code + *pc; break;
		case JUMP_IF: pc = *--top ? code + *pc : pc + 1; break;
		case DUP: *top = top[-1]; top++; break;
		case SWAP: { uint64_t held = top[-1]; top[-1] = top[-2]; top[-2] = held; break; }
		case HALT: return variables[0];
		}
	}
}

uint64_t work(int round)
{
	return interpret(round + 1, 300000);
}
