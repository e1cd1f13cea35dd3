import { expect, test } from 'vitest'
import { allWithSamples, type SampledProvider } from '../../test/provider-samples.ts'
import { openSamples } from '../testing/conformance/opened-samples.ts'
import { momentsIn, shortestStories } from '../testing/conformance/stories.ts'
import { readTold } from '../testing/conformance/told.ts'

const ALL = await allWithSamples()

interface Said {
  readonly what: string
  readonly body: unknown
}

/** Every sample whose shape tells whose it is, and every webhook and record that is told. */
async function saidBy({ provider, samples }: SampledProvider): Promise<readonly Said[]> {
  const opened = await openSamples(provider, samples)
  const said = opened
    .filter(({ sample }) => sample.ambiguous === undefined)
    .map(({ sample, message }): Said => ({ what: sample.name, body: message.body }))
  for (const moment of shortestStories(provider).flatMap((story) => momentsIn(story, samples))) {
    for (const kind of ['webhook', 'record'] as const) {
      for (const { message } of await readTold(provider, moment, kind)) {
        said.push({ what: `${kind} of ${moment.status}`, body: message.body })
      }
    }
  }
  return said
}

for (const one of ALL) {
  const { name } = one.provider
  test(`${name} says something`, async () => {
    expect((await saidBy(one)).length).toBeGreaterThan(0)
  })

  for (const other of ALL) {
    if (other === one) continue
    test(`${name} does not recognize what ${other.provider.name} says`, async () => {
      const mistaken = (await saidBy(other)).filter(({ body }) => one.provider.recognizes(body))
      expect(mistaken.map(({ what }) => what)).toEqual([])
    })
  }
}
