/* The C library at work: numbers to text and back, memory from malloc, strings, and sorting by qsort. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench.h"

struct entry {
	char *name;
	uint64_t number;
	double weight;
};

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct entry *const *)a)->name, (*(struct entry *const *)b)->name);
}

static int by_weight(const void *a, const void *b)
{
	double left = (*(struct entry *const *)a)->weight, right = (*(struct entry *const *)b)->weight;
	return (left > right) - (left < right);
}

static struct entry *make_entry(void)
{
	char text[64];
	uint64_t number = random_number();
	struct entry *entry = malloc(sizeof *entry);
	snprintf(text, sizeof text, "%s-%04x-%llu", number & 1 ? "odd" : "even", (unsigned)(number >> 7) & 0xffff, (unsigned long long)(number >> 40));
	entry->name = strdup(text);
	entry->number = strtoull(strrchr(text, '-') + 1, 0, 10);
	entry->weight = entry->number / 1000.0;
	return entry;
}

/* A text that grows as entries are written behind it. */
struct text {
	char *bytes;
	size_t length, room;
};

static void append(struct text *text, const struct entry *entry)
{
	char line[96];
	int length = snprintf(line, sizeof line, "%-24s %10llu %12.3f\n", entry->name, (unsigned long long)entry->number, entry->weight);
	if (text->length + length + 1 > text->room)
		text->bytes = realloc(text->bytes, text->room = 2 * text->room + length + 1);
	memcpy(text->bytes + text->length, line, length + 1);
	text->length += length;
}

static uint64_t sum_of(const struct text *text)
{
	uint64_t sum = text->length;
	for (char *line = text->bytes; *line; line = strchr(line, '\n') + 1) {
		char name[32];
		unsigned long long number;
		double weight;
		if (sscanf(line, "%31s %llu %lf", name, &number, &weight) == 3)
			sum = sum * 31 + number + strlen(name) + (uint64_t)(weight * 1000);
	}
	return sum;
}

#define COUNT 1500

static uint64_t pass(void)
{
	struct entry *entries[COUNT];
	struct text text = { calloc(1, 16), 0, 16 };
	for (int i = 0; i < COUNT; i++)
		entries[i] = make_entry();
	qsort(entries, COUNT, sizeof *entries, by_name);
	for (int i = 0; i < COUNT; i += 3)
		append(&text, entries[i]);
	qsort(entries, COUNT, sizeof *entries, by_weight);
	for (int i = 0; i < COUNT; i += 3)
		append(&text, entries[i]);
	uint64_t sum = sum_of(&text);
	for (int i = 0; i < COUNT; i++) {
		sum = sum * 31 + (strstr(entries[i]->name, "-7") != 0);
		free(entries[i]->name);
		free(entries[i]);
	}
	free(text.bytes);
	return sum;
}

uint64_t work(int round)
{
	uint64_t sum = round;
	for (int i = 0; i < 4; i++)
		sum = sum * 31 + pass();
	return sum;
}
