import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { mustRun, ROOT } from '../command.ts'
import { findSnippets, type Snippet, withChecks } from '../snippets.ts'

/** The code blocks of the README as files of an application. */
export interface ReadmeBlocks {
  /** Of the first block, with an assertion of every value that it shows. */
  readonly first: string
  /** Of all blocks, so too. */
  readonly runnable: readonly string[]
  /** Of all blocks, as they are written. */
  readonly asWritten: readonly string[]
  readonly commands: readonly string[]
}

/** Writes the code blocks of the README into an application's folder. */
export async function writeReadmeBlocks(folder: string): Promise<ReadmeBlocks> {
  const snippets = (await findSnippets()).filter(({ name }) => name.startsWith('README.md:'))
  const blocks = snippets.filter(({ language }) => language === 'ts')
  const runnable = await writeAll(folder, 'readme-run', blocks, withChecks)
  const asWritten = await writeAll(folder, 'readme', blocks, ({ code }) => code)
  const commands = snippets
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.split('\n'))
    .filter((line) => /^(npx )?callstate /.test(line))
  const [first] = runnable
  if (first === undefined || commands.length === 0) {
    throw new Error('The README shows no code, or no command.')
  }
  return { first, runnable, asWritten, commands }
}

async function writeAll(
  folder: string,
  prefix: string,
  blocks: readonly Snippet[],
  codeOf: (block: Snippet) => string,
): Promise<string[]> {
  return Promise.all(
    blocks.map(async (block, index) => {
      const file = `${prefix}-${index + 1}.mts`
      await writeFile(join(folder, file), codeOf(block))
      return file
    }),
  )
}

/** Runs the README's commands as they are installed; the logs that they name are in the repository. */
export async function runReadmeCommands(folder: string, { commands }: ReadmeBlocks): Promise<void> {
  const path = [join(folder, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  for (const command of commands) {
    const line = command.replace(/^npx /, '')
    await mustRun('sh', ['-c', line], { cwd: ROOT, env: { PATH: path, NO_COLOR: '1' } })
  }
}
