import { CALL_STATUSES } from '../../lifecycle.ts'
import type { Provider } from '../../providers/provider.ts'
import { isCallStatus } from '../../status.ts'
import { type ConformanceCheck, fail } from './samples.ts'

/** The two tables: the provider's words to our statuses, and back. */
export function vocabularyChecks(provider: Provider): readonly ConformanceCheck[] {
  return [
    {
      name: 'every status word leads to one of the 16 statuses and says what it loses',
      run: () => everyWordLeadsToStatus(provider),
    },
    {
      name: 'every one of the 16 statuses has a word of the provider and says what it loses',
      run: () => everyStatusHasWord(provider),
    },
    {
      name: 'a status whose word loses nothing comes back as itself',
      run: () => losslessWordsComeBack(provider),
    },
  ]
}

function everyWordLeadsToStatus(provider: Provider): void {
  const words = Object.entries(provider.statuses)
  if (words.length === 0) fail(provider, 'it has no status word at all')
  for (const [word, { status, loss }] of words) {
    if (!isCallStatus(status)) fail(provider, `the word "${word}" leads out of the table`)
    if (!isLoss(loss)) {
      fail(provider, `the word "${word}" must say what it loses, or null where it loses nothing`)
    }
  }
}

function everyStatusHasWord(provider: Provider): void {
  for (const status of CALL_STATUSES) {
    const meaning = Object.hasOwn(provider.words, status) ? provider.words[status] : null
    if (meaning === null) fail(provider, `${status} has no word`)
    if (!Object.hasOwn(provider.statuses, meaning.word)) {
      fail(provider, `the word for ${status} is not one of the provider's own status words`)
    }
    if (!isLoss(meaning.loss)) {
      fail(provider, `the word for ${status} must say what it loses, or null where nothing is lost`)
    }
  }
}

function losslessWordsComeBack(provider: Provider): void {
  for (const status of CALL_STATUSES) {
    const { word, loss } = provider.words[status]
    const back = provider.statuses[word]?.status
    if (loss === null && back !== status) {
      fail(provider, `${status} becomes "${word}" without loss, yet "${word}" means ${back}`)
    }
  }
}

function isLoss(loss: unknown): boolean {
  return loss === null || (typeof loss === 'string' && loss.trim() !== '')
}
