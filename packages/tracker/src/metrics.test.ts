import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { bolna } from 'callstate/providers/bolna'
import { expect, test } from 'vitest'
import { acme, delivered, formOf, recordingForm, statusFields, statusForm } from './acme.fixture.ts'
import { createTracker } from './create-tracker.ts'
import { createMemoryStore } from './memory/index.ts'

const START = Date.parse('2026-03-02T09:00:00Z')

test('decisions, time in status, overdue calls and consumer lag are told, without personal data', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const meters = new MeterProvider({ readers: [reader] })
  let now = START
  await using tracker = createTracker({
    store: createMemoryStore(),
    providers: [bolna],
    now: () => now,
    meter: meters.getMeter('test'),
  })
  const say = (status: string, seconds: number) =>
    tracker.ingest({
      provider: 'bolna',
      body: {
        id: 'c-1',
        status,
        updated_at: new Date(START + seconds * 1000).toISOString(),
        telephony_data: { to_number: '+12025550123' },
      },
    })
  const consumer = tracker.consume(
    'billing',
    () => {
      throw new Error('not today')
    },
    { retry: { maxTries: 1 } },
  )
  await consumer.ready
  await say('ringing', 0)
  await say('in-progress', 12)
  await say('in-progress', 12)
  await say('ringing', 0)
  // One that is over, and of which nobody said what it cost.
  await tracker.ingest({ provider: 'bolna', body: { id: 'c-2', status: 'completed' } })
  await consumer.idle()
  now = START + 24 * 3_600_000
  await reader.forceFlush()

  const told = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => ({ name: descriptor.name, attributes, value })),
        ),
      ),
    )
  const found = (name: string, attributes: Record<string, unknown>) =>
    told.find((one) => one.name === name && sameAttributes(one.attributes, attributes))?.value
  const advanced = { provider: 'bolna', decision: 'advanced', repeated: false }
  expect(found('callstate.events', advanced)).toBe(3)
  expect(found('callstate.events', { ...advanced, decision: 'duplicate', repeated: true })).toBe(2)
  expect(
    found('callstate.status.duration', { provider: 'bolna', status: 'ringing' }),
  ).toMatchObject({
    count: 1,
    sum: 12,
  })
  const overdue = (why: string) => found('callstate.calls.overdue', { provider: 'bolna', why })
  expect([overdue('silent'), overdue('data')]).toEqual([1, 1])
  expect(found('callstate.consumer.dead_letters', { consumer: 'billing', provider: 'bolna' })).toBe(
    3,
  )
  expect(found('callstate.consumer.waiting', { consumer: 'billing', provider: 'bolna' })).toBe(0)
  expect(found('callstate.consumer.changes', { consumer: 'billing', result: 'dead' })).toBe(3)
  expect(JSON.stringify(told)).not.toMatch(/2025550123|c-1/)
  await meters.shutdown()
})

function sameAttributes(one: object, wanted: object): boolean {
  return (
    JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(wanted).sort())
  )
}

test('what brings data and what is not kept is counted, by what became of it', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const meters = new MeterProvider({ readers: [reader] })
  await using tracker = createTracker({
    store: createMemoryStore(),
    providers: [acme],
    limits: { dataMessages: 1 },
    meter: meters.getMeter('test'),
  })
  const transcript = formOf([
    ['Kind', 'transcript'],
    ['CallId', 'c-1'],
    ['Text', '+12025550123'],
  ])
  const bodies = [
    recordingForm('c-1', 'r1'),
    statusForm(statusFields('c-1', 'RINGING', 1)),
    ...['r1', 'r1', 'r2', 'r3'].map((name) => recordingForm('c-1', name)),
    transcript,
    transcript,
  ]
  for (const body of bodies) await tracker.ingest({ provider: 'acme', delivery: delivered(body) })
  await reader.forceFlush()
  const metrics =
    exporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? []
  const pointsOf = (name: string) =>
    metrics
      .find(({ descriptor }) => descriptor.name === name)
      ?.dataPoints.map(({ attributes, value }) => ({ ...attributes, value }))
  expect(pointsOf('callstate.data_messages')).toEqual([
    { provider: 'acme', result: 'unknown-call', value: 1 },
    { provider: 'acme', result: 'kept', value: 1 },
    { provider: 'acme', result: 'repeated', value: 1 },
    { provider: 'acme', result: 'too-many', value: 2 },
  ])
  expect(pointsOf('callstate.skipped_messages')).toEqual([
    { provider: 'acme', kind: 'transcript', value: 2 },
  ])
  await meters.shutdown()
})
