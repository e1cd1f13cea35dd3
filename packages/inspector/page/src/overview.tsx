import { CALL_STATUSES, LIFECYCLE } from 'callstate'
import { numberText, PHASE_WORDS } from './call-words.ts'
import { usePageModel } from './page-context.ts'
import { StatusMark } from './status-mark.tsx'

/** The most moves that a table lists; the frequent ones first. */
const MAX_ROWS = 12

/** What the chart says, as tables: for a reader who does not see it, and for exact numbers. */
export function Overview() {
  const { counts } = usePageModel()
  const { statuses, unrecognized, moves, conflicts } = counts.value
  return (
    <section id="call" class="overview" tabIndex={-1} aria-labelledby="overview-title">
      <h2 id="overview-title">Overview</h2>
      <div class="tables">
        <table>
          <caption>Calls by status</caption>
          <thead>
            <tr>
              <th scope="col">status</th>
              <th scope="col">phase</th>
              <th scope="col" class="number">
                calls
              </th>
            </tr>
          </thead>
          <tbody>
            {CALL_STATUSES.map((status) => (
              <tr key={status}>
                <th scope="row">
                  <StatusMark status={status} /> {status}
                </th>
                <td>{PHASE_WORDS[LIFECYCLE[status].phase]}</td>
                <td class="number">{numberText(statuses[status] ?? 0)}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">
                <StatusMark status={null} /> unrecognized
              </th>
              <td />
              <td class="number">{numberText(unrecognized)}</td>
            </tr>
          </tbody>
        </table>
        <PairTable
          title="Conflicts: statuses of one attempt that no legal path holds"
          pairs={conflicts}
        />
        <PairTable title="Legal moves, the most frequent" pairs={moves} />
      </div>
    </section>
  )
}

function PairTable({ title, pairs }: { title: string; pairs: Readonly<Record<string, number>> }) {
  const sorted = Object.entries(pairs)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
  const rest = sorted.length - MAX_ROWS
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">from</th>
          <th scope="col">to</th>
          <th scope="col" class="number">
            heard
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, MAX_ROWS).map(([pair, count]) => {
          const [from, to] = pair.split('>')
          return (
            <tr key={pair}>
              <td>{from}</td>
              <td>{to}</td>
              <td class="number">{numberText(count)}</td>
            </tr>
          )
        })}
        {sorted.length === 0 ? (
          <tr>
            <td colSpan={3}>none</td>
          </tr>
        ) : null}
        {rest > 0 ? (
          <tr>
            <td colSpan={3} class="quiet">
              and {rest} more
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  )
}
