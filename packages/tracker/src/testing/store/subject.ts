import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { CallWrite, Store } from '../../store.ts'

/** One thing that every store keeps. */
export interface StoreConformanceCheck {
  /** A sentence that says what holds. */
  readonly name: string
  /** Rejects with an Error that says what does not hold. */
  run(): void | Promise<void>
}

/** A transaction that is open on the database of a store, through a connection of its own. */
export interface OpenTransaction {
  commit(): Promise<void>
}

/** How the suite gets the stores that it checks. */
export interface StoreSubject {
  /** Opens a store in which nothing is, not even its tables. */
  open(): Promise<Store>
  /**
   * Opens the same data as `store` once more, through a connection of its own, as another process does.
   * `store` may be closed by then. Left out where data is gone with its store.
   */
  reopen?(store: Store): Promise<Store>
  /**
   * Opens a transaction of somebody who has nothing to do with the store on the database of `store`, and
   * leaves it open; where the engine lets others write meanwhile, it has written something. Left out where
   * nobody else can have one.
   */
  openTransaction?(store: Store): Promise<OpenTransaction>
  /**
   * Writes as `store.append([write], { now })` does, in a transaction that is left open. Left out where
   * nobody else can write meanwhile.
   */
  openAppend?(
    store: Store,
    write: CallWrite,
    options: { readonly now: number },
  ): Promise<OpenTransaction>
  /** Whether `onStored` hears what another process stores. */
  readonly isToldOfOthers?: boolean
}

/** What one check does with an empty store, and a second one on the same data. */
export type StoreCheck = (store: Store, other: Store) => Promise<void>

/**
 * Makes checks of functions by their names: each gets a store of its own, which is closed afterwards.
 * Where the subject cannot be opened twice, both stores are the same.
 */
export function checksOf(
  subject: StoreSubject,
  checks: Readonly<Record<string, StoreCheck>>,
): readonly StoreConformanceCheck[] {
  return Object.entries(checks).map(([name, run]) => ({
    name,
    run: () => withStores(subject, run),
  }))
}

/** Runs a function with an empty store and a second one on the same data. */
export async function withStores(subject: StoreSubject, run: StoreCheck): Promise<void> {
  const store = await subject.open()
  try {
    await store.migrate()
    const other = (await subject.reopen?.(store)) ?? store
    try {
      await run(store, other)
    } finally {
      if (other !== store) await other.close()
    }
  } finally {
    await store.close()
  }
}

/** A text of what came is cut after so many characters. */
const MAX_SHOWN = 600

/** Fails the check where two values differ; numbers, texts, lists, maps and plain objects. */
export function expectEqual(came: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(came, expected)) return
  throw new Error(`${what}: expected ${shown(expected)}, but ${shown(came)} came.`)
}

function shown(value: unknown): string {
  const text = fc.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
