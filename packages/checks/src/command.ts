import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  /** Standard output and standard error together, in the order in which they came. */
  readonly output: string
  readonly seconds: number
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Runs a program without a shell and collects what it prints; a program that cannot start has code 127. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd = ROOT, env, timeoutMs, signal } = options
  const start = performance.now()
  return new Promise((resolve) => {
    // A group of its own, so that stopping a command stops the processes it started too.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let stdout = ''
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    const stop = (why: string) => {
      output += `\n${why}\n`
      try {
        if (child.pid !== undefined) process.kill(-child.pid)
      } catch {
        // The group ended by itself in this moment.
      }
    }
    const onAbort = () => stop('Stopped.')
    const timer =
      timeoutMs && setTimeout(() => stop(`Stopped after ${timeoutMs / 1000} s.`), timeoutMs)
    signal?.addEventListener('abort', onAbort)
    const finish = (code: number) => {
      if (timer) clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve({ code, stdout, output, seconds: (performance.now() - start) / 1000 })
    }
    child.on('error', (error) => {
      output += `${error.message}\n`
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}

/** Runs a program that must succeed; throws with everything it printed if it does not. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<string> {
  const { code, stdout, output } = await run(command, args, options)
  if (code === 0) return stdout
  throw new Error(`"${[command, ...args].join(' ')}" ended with code ${code}:\n${output}`)
}
