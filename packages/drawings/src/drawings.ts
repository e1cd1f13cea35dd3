import { type CallEvent, parseStatus, replay } from 'callstate'
import { callSvg, machineSvg } from 'callstate/diagram'

/** The drawings in `docs/` by their names: the machine, and the history of one call. */
export function drawings(): Readonly<Record<string, string>> {
  return { 'lifecycle.svg': machineSvg(), 'call.svg': callSvg(replay(INVENTED_CALL).call) }
}

// Nobody answers, the second attempt reaches someone, and then a carrier claims that the line was busy.
const INVENTED_CALL: readonly CallEvent[] = [
  ...attempt(1, 0, [
    ['queued', 0],
    ['ringing', 6],
    ['no-answer', 46],
  ]),
  ...attempt(2, 60, [
    ['scheduled', 0],
    ['queued', 1786],
    ['initiated', 1788],
    ['ringing', 1791],
    ['in-progress', 1797],
    ['transferring', 1861],
    ['completed', 1867],
    ['busy', 1868],
  ]),
]

function attempt(
  number: number,
  startSecond: number,
  statuses: readonly (readonly [said: string, second: number])[],
): readonly CallEvent[] {
  return statuses.map(([said, second]) => ({
    ...statusOf(said),
    attempt: number,
    occurredAt: (startSecond + second) * 1000,
  }))
}

/** The status of the table that a word is; of another word, the word. */
function statusOf(said: string): Pick<CallEvent, 'status' | 'word'> {
  const { status } = parseStatus(said)
  return status === null ? { status, word: said } : { status }
}
