import type { Store } from '@callstate/tracker'
import { createPostgresStore } from '@callstate/tracker/postgres'
import { createSqliteStore } from '@callstate/tracker/sqlite'
import { Pool } from 'pg'

/** Where a durable store is, in a form that another process can be told. */
export type StoreAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly connectionString: string; readonly schema: string }

/** Opens the store at an address; closing the store ends its connections. */
export function openStore(address: StoreAddress): Store {
  switch (address.kind) {
    case 'sqlite':
      return createSqliteStore({ path: address.path })
    case 'postgres': {
      const { connectionString, schema } = address
      const pool = new Pool({ connectionString, max: 4 })
      // A connection that breaks while nobody uses it; who uses one is told.
      pool.on('error', () => {})
      const store = createPostgresStore({ pool, schema })
      return {
        ...store,
        async close() {
          // It gives back the connection on which it listens.
          await store.close()
          await pool.end()
        },
      }
    }
    default:
      return address satisfies never
  }
}
