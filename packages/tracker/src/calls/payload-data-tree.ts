import { type Data, isFields } from './payload-data-fields.ts'
import { comparePlaces, type Place } from './payload-data-place.ts'

/** The fields of many messages, each with the place of the message that set it. */
export interface DataTree {
  /**
   * Adds the fields of a message, which must all have a value. Returns the paths that had no value
   * before, in the order of the message; an object comes before its own fields. Costs what the message
   * costs, whatever is there already.
   */
  put(fields: Data, place: Place): readonly string[]
  /** What there is, merged, as a value that is the caller's alone. */
  data(): Data
}

/** A tree without fields. What it holds depends on what was put, never on the order. */
export function createDataTree(): DataTree {
  const root: Branch = new Map()
  return {
    put(fields, place) {
      const gained: string[] = []
      putInto(root, { fields, place, floor: null, prefix: '', gained })
      return gained
    },
    data: () => readFrom(root, null),
  }
}

type Branch = Map<string, Node>

/**
 * A path. What lies at or under it counts only where its place is above every value that stands at an
 * object's path on the way to it: such a value replaced the object.
 */
interface Node {
  /** The last place of anything at this path or under it. */
  top: Place
  /** The last value here that is no object. */
  leaf: { readonly place: Place; readonly value: unknown } | null
  /** Dropped as a whole where a value replaced them; single ones that are hidden stay until then. */
  inner: Branch
}

interface Putting {
  readonly fields: Data
  readonly place: Place
  /** The last place of a value on the way here; what is not above it is hidden, now and for ever. */
  readonly floor: Place | null
  readonly prefix: string
  readonly gained: string[]
}

function putInto(branch: Branch, { fields, place, floor, prefix, gained }: Putting): void {
  for (const [name, value] of Object.entries(fields)) {
    const path = `${prefix}${name}`
    const known = branch.get(name)
    const isKnown = known !== undefined && isAbove(known.top, floor)
    if (!isKnown) gained.push(path)
    const node = isKnown ? known : { top: place, leaf: null, inner: new Map() }
    if (!isKnown) branch.set(name, node)
    if (comparePlaces(place, node.top) >= 0) node.top = place
    if (node.leaf !== null && comparePlaces(place, node.leaf.place) < 0) continue
    if (isFields(value)) {
      const floorOfInner = floorUnder(node, floor)
      putInto(node.inner, { fields: value, place, floor: floorOfInner, prefix: `${path}.`, gained })
      continue
    }
    node.leaf = { place, value }
    if (node.top === place) node.inner = new Map()
  }
}

function readFrom(branch: Branch, floor: Place | null): Data {
  const visible = [...branch].filter(([, { top }]) => isAbove(top, floor))
  return Object.fromEntries(
    visible.map(([name, node]) => {
      const { top, leaf } = node
      const isLeaf = leaf !== null && comparePlaces(leaf.place, top) === 0
      return [name, isLeaf ? copyOf(leaf.value) : readFrom(node.inner, floorUnder(node, floor))]
    }),
  )
}

function floorUnder({ leaf }: Node, floor: Place | null): Place | null {
  return leaf !== null && isAbove(leaf.place, floor) ? leaf.place : floor
}

function isAbove(place: Place, floor: Place | null): boolean {
  return floor === null || comparePlaces(place, floor) > 0
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isFields(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)]))
}
