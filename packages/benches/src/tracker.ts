import type { Section } from './report.ts'
import type { BenchEngine } from './tracker-engine.ts'
import { benchGrowth } from './tracker-growth.ts'
import { benchHttp } from './tracker-http.ts'
import { benchIngest } from './tracker-ingest.ts'
import { openPostgres } from './tracker-postgres.ts'
import { openSqlite } from './tracker-sqlite.ts'

const FULL = {
  ingest: { rounds: 15, single: 200, batched: 4000 },
  http: { rounds: 11, requests: 600 },
  growth: { rounds: 21, sizes: [1000, 100_000, 1_000_000] },
}

const QUICK = {
  ingest: { rounds: 2, single: 10, batched: 200 },
  http: { rounds: 2, requests: 40 },
  growth: { rounds: 2, sizes: [100, 300] },
}

/** The durable tracker, each section as soon as it is measured; where it is quick, on SQLite only. */
export async function* benchTracker(quick: boolean): AsyncGenerator<Section> {
  const { ingest, http, growth } = quick ? QUICK : FULL
  for (const open of quick ? [openSqlite] : [openSqlite, openPostgres]) {
    const engine: BenchEngine = await open()
    try {
      yield* benchIngest(engine, ingest)
      yield await benchHttp(engine, http)
    } finally {
      await engine.close()
    }
  }
  // To the error output, so that what is read by programs stays clean.
  const onProgress = (text: string) => quick || console.error(text)
  yield* await benchGrowth({ ...growth, onProgress })
}
