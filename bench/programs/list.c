/* Pointer chasing: a shuffled ring of nodes, larger than the caches near the processor. */
#include "bench.h"

#define NODES 65536
struct node {
	struct node *next;
	uint64_t value[3];
};
static struct node nodes[NODES];
static uint32_t order[NODES];

static void shuffle(void)
{
	for (uint32_t i = 0; i < NODES; i++)
		order[i] = i;
	for (uint32_t i = NODES - 1; i > 0; i--) {
		uint32_t j = random_number() % (i + 1), held = order[i];
		order[i] = order[j];
		order[j] = held;
	}
	for (uint32_t i = 0; i < NODES; i++) {
		nodes[order[i]].next = &nodes[order[(i + 1) % NODES]];
		nodes[order[i]].value[i % 3] = random_number();
	}
}

uint64_t work(int round)
{
	if (round == 0)
		shuffle();
	uint64_t sum = 0;
	struct node *node = nodes;
	for (int count = 0; count < 80 * NODES; count++) {
		sum += node->value[0] ^ node->value[2];
		node->value[1] = sum;
		node = node->next;
	}
	return sum;
}
