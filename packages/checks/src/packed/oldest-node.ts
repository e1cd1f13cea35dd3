import { mustRun } from '../command.ts'

const OLDEST_NODE = '20.19.6'

/** Fetches the oldest supported Node through npm, makes sure that it is what runs, and returns its path. */
export async function findOldestNode(): Promise<string> {
  const show = 'console.log(process.version + " " + process.execPath)'
  const args = ['-y', '-p', `node@${OLDEST_NODE}`, '--', 'node', '-e', show]
  const printed = await mustRun('npx', args)
  const [version, path] = printed.trim().split(' ')
  if (version !== `v${OLDEST_NODE}` || path === undefined) {
    throw new Error(
      `Node ${OLDEST_NODE} was asked for and ${version} ran: npm may have skipped the install script of the "node" package (ignore-scripts).`,
    )
  }
  console.log(`✓ Node ${OLDEST_NODE} runs`)
  return path
}
