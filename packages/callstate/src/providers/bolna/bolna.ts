import { movesOfTable } from '../../own-lifecycle.ts'
import { defineProvider } from '../define-provider.ts'
import { oneEvent } from '../message.ts'
import type { TypedProvider } from '../typed-provider.ts'
import { bolnaAsk } from './ask.ts'
import type { BolnaData } from './data.ts'
import { bolnaDelivery } from './delivery.ts'
import { parseBolnaEvent, recognizesBolna } from './event.ts'
import { bolnaFinalData } from './final-data.ts'
import { bolnaHabits } from './habits.ts'
import { BOLNA_STATUSES } from './statuses.ts'
import { tellBolna } from './tell.ts'

/**
 * Bolna Voice AI (https://www.bolna.ai). It reads webhooks, records, rows of lists and replies into
 * events; where the kind of message is not said, its shape tells it. Its words are ours, and the moves of
 * the table are its moves. Deliveries are not signed: trust rests on the source addresses in `delivery`.
 *
 * Bolna gives no event id and advises `id` + `status`, which loses later attempts and the second delivery
 * of an end that brings what the first had not yet. Transcript, costs and extraction are no part of an
 * event: who stores payloads should keep the latest of them.
 *
 * @example
 * const reading = bolna.read({ kind: 'webhook', body: { id: '4b3c…', status: 'ringing' } })
 * if (reading.ok && reading.type === 'events') call = replay(reading.events).call
 */
export const bolna: TypedProvider<'bolna', BolnaData> = defineProvider({
  name: 'bolna',
  title: 'Bolna',
  statuses: BOLNA_STATUSES,
  lacks: [],
  moves: movesOfTable(),
  delivery: bolnaDelivery,
  habits: bolnaHabits,
  finalData: bolnaFinalData,
  ask: bolnaAsk,
  tell: tellBolna,
  recognizes: recognizesBolna,
  read: ({ body, kind }) => oneEvent(parseBolnaEvent(body, kind ?? undefined)),
})
