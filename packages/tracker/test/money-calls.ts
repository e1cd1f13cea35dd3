import type { Emulator, EmulatorOptions } from '../../emulator/src/index.ts'

/** Every fate that costs something often, and every one that is retried. */
export const MONEY_SCENARIO: NonNullable<EmulatorOptions['scenario']> = {
  weights: {
    answered: 8,
    voicemail: 8,
    'no-answer': 4,
    busy: 3,
    failed: 1,
    error: 3,
    rejected: 2,
    canceled: 1,
    stopped: 1,
    'late-completed': 2,
    retried: 2,
  },
}

/** Where a service takes the reply to a placed call. */
export const PLACED_PATH = '/placed'

/** Retries of everything that Bolna retries, soon. */
const RETRY = {
  enabled: true,
  max_retries: 3,
  retry_on_statuses: ['no-answer', 'busy', 'failed', 'error'],
  retry_on_voicemail: true,
  retry_intervals_minutes: [1, 2, 2],
}

const AGENT = '123e4567-e89b-12d3-a456-426655440000'
const NUMBERS = 100
/** A connection for each request: one that is kept may end at the moment in which it is used again. */
const HEADERS = { authorization: 'Bearer any', connection: 'close' } as const
const RANGE_MS = 6 * 86_400_000

/** Places a call at the emulator, by its API; three of four are retried. Answers the body of the reply. */
export async function placeMoneyCall(
  emulator: Pick<Emulator, 'at'>,
  index: number,
): Promise<unknown> {
  const response = await fetch(`${emulator.at('bolna').url}/call`, {
    method: 'POST',
    headers: { ...HEADERS, 'content-type': 'application/json' },
    body: JSON.stringify({
      agent_id: AGENT,
      recipient_phone_number: `+12025550${100 + (index % NUMBERS)}`,
      ...(index % 4 === 3 ? {} : { retry_config: RETRY }),
    }),
  })
  if (!response.ok) throw new Error(`POST /call: ${response.status} ${await response.text()}`)
  return response.json()
}

/** Every row of the agent's list, page by page: of each call its status, and neither attempt, time nor cost. */
export async function moneyRows(emulator: Pick<Emulator, 'at' | 'now'>): Promise<unknown[]> {
  const rows: unknown[] = []
  const from = new Date(emulator.now() - RANGE_MS).toISOString()
  const to = new Date(emulator.now()).toISOString()
  for (let page = 1; ; page++) {
    const query = new URLSearchParams({ from, to, page_number: String(page), page_size: '50' })
    const url = `${emulator.at('bolna').url}/v2/agent/${AGENT}/executions?${query}`
    const response = await fetch(url, { headers: HEADERS })
    if (!response.ok) throw new Error(`GET executions of an agent: ${response.status}`)
    const { data, has_more } = (await response.json()) as { data: unknown[]; has_more: boolean }
    rows.push(...data)
    if (!has_more) return rows
  }
}

/** The record of a call, as Bolna's API answers it. */
export async function moneyRecord(emulator: Pick<Emulator, 'at'>, id: string): Promise<unknown> {
  const response = await fetch(`${emulator.at('bolna').url}/executions/${id}`, {
    headers: HEADERS,
  })
  if (!response.ok) throw new Error(`GET /executions: ${response.status}`)
  return response.json()
}
