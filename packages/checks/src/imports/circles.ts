import type { Arrow } from './arrow.ts'

/** Arrows that lead from a file back to itself, each beginning where the one before it ends. */
export type Circle = readonly Arrow[]

/**
 * The circles among arrows: of each knot of files that all reach one another, one of its shortest. When
 * that one is undone, the next of its knot is found.
 */
export function findCircles(arrows: readonly Arrow[]): Circle[] {
  const outgoing = byOrigin(withoutEnds(arrows))
  const ways = new Map([...outgoing.keys()].sort().map((file) => [file, waysFrom(file, outgoing)]))
  const circles: Circle[] = []
  const done = new Set<string>()
  for (const [start, reached] of ways) {
    if (done.has(start)) continue
    const knot = [...ways.keys()].filter((file) => reached.has(file) && ways.get(file)?.has(start))
    for (const file of knot) done.add(file)
    const [shortest] = knot
      .flatMap((file) => ways.get(file)?.get(file) ?? [])
      .sort((one, other) => one.arrows.length - other.arrows.length)
    if (shortest !== undefined) circles.push(shortest.arrows)
  }
  return circles
}

function byOrigin(arrows: readonly Arrow[]): Map<string, Arrow[]> {
  const outgoing = new Map<string, Arrow[]>()
  for (const arrow of arrows) {
    const others = outgoing.get(arrow.from)
    if (others === undefined) outgoing.set(arrow.from, [arrow])
    else others.push(arrow)
  }
  return outgoing
}

/** Leaves out, again and again, the arrows to a file without imports and those from one that nobody imports. */
function withoutEnds(arrows: readonly Arrow[]): readonly Arrow[] {
  const importing = new Set(arrows.map(({ from }) => from))
  const imported = new Set(arrows.map(({ to }) => to))
  const inner = arrows.filter(({ from, to }) => importing.has(to) && imported.has(from))
  return inner.length === arrows.length ? inner : withoutEnds(inner)
}

interface Way {
  readonly arrows: readonly Arrow[]
}

/** The shortest way from a file to each that it reaches; to itself where it lies on a circle. */
function waysFrom(file: string, outgoing: ReadonlyMap<string, readonly Arrow[]>): Map<string, Way> {
  const ways = new Map<string, Way>()
  const queue = [{ at: file, arrows: [] as readonly Arrow[] }]
  for (const { at, arrows } of queue) {
    for (const arrow of outgoing.get(at) ?? []) {
      if (ways.has(arrow.to)) continue
      const way = { at: arrow.to, arrows: [...arrows, arrow] }
      ways.set(arrow.to, way)
      queue.push(way)
    }
  }
  return ways
}
