import { describe, expect, it } from 'vitest'
import { sleep } from './sleep.ts'

describe('sleep', () => {
  it('waits for ever so long, where a timer alone would fire at once', async () => {
    const over = new AbortController()
    const woken: string[] = []
    const long = sleep(2 ** 40, over.signal).then(() => woken.push('long'))
    await sleep(20, over.signal).then(() => woken.push('short'))
    expect(woken).toEqual(['short'])
    over.abort()
    await long
  })

  it('ends at once where the signal has aborted', async () => {
    await sleep(2 ** 40, AbortSignal.abort())
  })
})
