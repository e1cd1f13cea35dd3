import { isTerminal, type TimelineEntry } from 'callstate'
import type { Colors } from '../command/terminal.ts'
import { statusColor } from './status-facts.ts'
import { durationText, offsetText, timeText } from './time-text.ts'

const CHART_WIDTH = 40

/**
 * A timeline for a person, by attempt: when each status began, counted from the attempt's first time,
 * and a bar as long as it lasted. Each attempt has a scale of its own: the waiting between them would
 * leave no room for anything else. Pure.
 */
export function timelineText(entries: readonly TimelineEntry[], colors: Colors): string {
  const attempts = [...new Set(entries.map(({ attempt }) => attempt))]
  return attempts
    .map((attempt) =>
      attemptText(
        entries.filter((entry) => entry.attempt === attempt),
        colors,
      ),
    )
    .join('')
}

function attemptText(entries: readonly TimelineEntry[], colors: Colors): string {
  const times = entries.flatMap(({ occurredAt }) => (occurredAt === null ? [] : [occurredAt]))
  const start = Math.min(...times)
  const span = Math.max(...times) - start
  const began = times.length === 0 ? 'no times known' : timeText(start)
  const columnOf = (at: number) => Math.round(((at - start) / Math.max(span, 1)) * CHART_WIDTH)
  const lines = entries.map(({ status, occurredAt: at }, place) => {
    const color = statusColor(status, colors)
    if (at === null) return `    ${color(status.padEnd(18))}${'?'.padStart(9)}\n`
    const offset = offsetText(at - start).padStart(9)
    const end = entries.slice(place + 1).find(({ occurredAt }) => occurredAt !== null)?.occurredAt
    const until = Math.max(end ?? at, at)
    const before = ' '.repeat(columnOf(at))
    const bar = isTerminal(status) ? '■' : '█'.repeat(columnOf(until) - columnOf(at)) || '▏'
    const lasted = until > at && !isTerminal(status) ? ` ${durationText(until - at)}` : ''
    return `    ${color(status.padEnd(18))}${offset}  ${before}${color(bar)}${colors.dim(lasted)}\n`
  })
  return `  attempt ${entries[0]?.attempt}  ${colors.dim(began)}\n${lines.join('')}`
}
