/**
 * Every order of the items, the given one first, lazily: n! arrays, so 5,040 for seven items. Items
 * that are equal are told apart by their place.
 *
 * @example
 * for (const events of allPermutations(eventsOf(['queued', 'initiated', 'ringing', 'busy']))) {
 *   replay(events).call.status // 'busy', 24 times
 * }
 */
export function* allPermutations<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length === 0) yield []
  for (const [place, first] of items.entries()) {
    for (const rest of allPermutations(items.toSpliced(place, 1))) yield [first, ...rest]
  }
}
