/** The last of the ascending `items` whose key is not above `key`, found by bisection. */
export function lastAtOrBelow<Item, Key extends bigint | number>(
  items: readonly Item[],
  key: Key,
  keyOf: (item: Item) => Key,
): Item | undefined {
  return items[countAtOrBelow(items, key, keyOf) - 1];
}

/** How many of the ascending `items` have a key that is not above `key`. */
export function countAtOrBelow<Item, Key extends bigint | number>(items: readonly Item[], key: Key, keyOf: (item: Item) => Key): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(items[middle]!) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
