import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defineProvider, type Provider } from 'callstate/providers'
import { printable } from '../command/terminal.ts'
import { UsageError } from '../command/usage-error.ts'

/** The address of a file that was named by its path or by that address. */
export function providerUrl(path: string): string {
  return path.startsWith('file:') ? path : pathToFileURL(resolve(path)).href
}

/**
 * The provider that a file declares by its default export. Loading runs the file. Throws a `UsageError`
 * that names the file where it cannot be loaded, or where its default export declares no provider.
 */
export async function loadProviderFile(path: string): Promise<Provider> {
  const url = providerUrl(path)
  await assertFile(path, url)
  const module: unknown = await import(/* @vite-ignore */ url).catch((error: unknown) => {
    throw refusalOf(path, `it cannot be loaded: ${reasonOf(path, error)}`)
  })
  const declaration: unknown = Reflect.get(Object(module), 'default')
  if (declaration === undefined) {
    throw refusalOf(path, 'it has no default export; write "export default { name, statuses, … }"')
  }
  try {
    // What a file exports has no type: this is the very check of it.
    return defineProvider(declaration as Parameters<typeof defineProvider>[0])
  } catch (error) {
    throw refusalOf(path, messageOf(error))
  }
}

async function assertFile(path: string, url: string): Promise<void> {
  const fault = await faultOfFile(url)
  if (fault !== null) throw refusalOf(path, `it cannot be loaded: ${fault}`)
}

async function faultOfFile(url: string): Promise<string | null> {
  try {
    return (await stat(fileURLToPath(url))).isFile() ? null : 'it is no file'
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code')
    return code === 'ENOENT' ? 'there is no such file' : String(code)
  }
}

/** What Node says of a file whose ending it does not know. */
const UNKNOWN_ENDING = 'ERR_UNKNOWN_FILE_EXTENSION'

function reasonOf(path: string, error: unknown): string {
  // Node tells the line to nobody but the terminal.
  if (error instanceof SyntaxError) {
    return `${messageOf(error)}; "node --check ${printable(path)}" says where`
  }
  if (Reflect.get(Object(error), 'code') !== UNKNOWN_ENDING) return messageOf(error)
  return `Node ${process.versions.node} does not read files of this kind; write it as .js or .mjs`
}

/** What was thrown in one line; it may be anything. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : 'it threw something that is no error'
  return printable(text.split('\n', 1)[0] ?? '')
}

function refusalOf(path: string, why: string): UsageError {
  return new UsageError(`the provider "${printable(path)}" cannot be used: ${sentence(why)}`)
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
