/** A queue that gives out the item that comes before all others. */
export interface Heap<Item> {
  readonly size: number
  push(item: Item): void
  peek(): Item | undefined
  pop(): Item | undefined
}

/** A binary heap; `isBefore` must be a strict order. */
export function createHeap<Item>(isBefore: (a: Item, b: Item) => boolean): Heap<Item> {
  const items: Item[] = []
  return {
    get size() {
      return items.length
    },
    peek: () => items[0],
    push(item) {
      let at = items.length
      items.push(item)
      while (at > 0) {
        const above = (at - 1) >> 1
        const parent = items[above] as Item
        if (!isBefore(item, parent)) break
        items[at] = parent
        at = above
      }
      items[at] = item
    },
    pop() {
      const first = items[0]
      const last = items.pop()
      if (items.length === 0 || last === undefined) return first
      let at = 0
      for (;;) {
        const left = 2 * at + 1
        if (left >= items.length) break
        const right = left + 1
        const isRight = right < items.length && isBefore(items[right] as Item, items[left] as Item)
        const below = isRight ? right : left
        const child = items[below] as Item
        if (!isBefore(child, last)) break
        items[at] = child
        at = below
      }
      items[at] = last
      return first
    },
  }
}
