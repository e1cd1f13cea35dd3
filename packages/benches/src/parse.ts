import { type Call, observe } from 'callstate'
import { bolna } from 'callstate/providers/bolna'
import { type Effort, measure, ratioOf, type Side } from './measure.ts'
import type { Section } from './report.ts'
import { FINISHED_BODIES, WEBHOOK_BODIES } from './webhook-bodies.ts'

const REPEATS = 50

const sections = [
  { title: 'parse and observe a finished call’s webhook', bodies: FINISHED_BODIES },
  { title: 'parse and observe all webhooks of a call', bodies: WEBHOOK_BODIES },
]

export function benchParse(effort: Effort): readonly Section[] {
  return sections.map(({ title, bodies }) => {
    const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)
    const [bare, mine] = measure([parsing(bodies), observing(bodies)], effort)
    if (bare === undefined || mine === undefined) throw new Error('Nothing was measured.')
    return {
      title,
      unit: 'ns/webhook',
      note: `${bodies.length} of ${Math.round(bytes / bodies.length)} bytes on average.`,
      sides: [bare, mine],
      comparisons: [
        { name: 'parse and observe ÷ JSON.parse', ratio: ratioOf(mine, bare), aim: { atMost: 3 } },
      ],
    }
  })
}

function parsing(bodies: readonly string[]): Side {
  return {
    name: 'JSON.parse',
    operations: bodies.length * REPEATS,
    run() {
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        for (const body of bodies) {
          if (JSON.parse(body).id === undefined) throw new Error('A body has no id.')
        }
      }
    },
  }
}

function observing(bodies: readonly string[]): Side {
  return {
    name: 'JSON.parse, bolna.read, observe',
    operations: bodies.length * REPEATS,
    run() {
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        let known: Call | undefined
        for (const body of bodies) {
          const reading = bolna.read({ body: JSON.parse(body), kind: 'webhook' })
          if (!reading.ok) throw new Error(`A body was refused: ${reading.issues[0]?.message}`)
          if (reading.type !== 'events') throw new Error(`A body tells no event: ${reading.type}`)
          for (const event of reading.events) {
            known = observe(known, event, { provider: bolna }).call
          }
        }
        if (known?.status !== 'completed') throw new Error(`The call ended in ${known?.status}.`)
      }
    },
  }
}
