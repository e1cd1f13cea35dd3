import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { printable } from './terminal.ts'

/** What a file was loaded to, or why it could not be, in words that end no sentence. */
export type LoadedModule =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: string }

/** The address of a file that was named by its path or by that address. */
export function moduleUrl(path: string): string {
  return path.startsWith('file:') ? path : pathToFileURL(resolve(path)).href
}

/**
 * The default export of a module, undefined where it has none, or the value of a JSON file. Loading a
 * module runs it. Never rejects.
 */
export async function loadModuleFile(path: string): Promise<LoadedModule> {
  const url = moduleUrl(path)
  const fault = await faultOfFile(url)
  if (fault !== null) return { ok: false, why: `it cannot be loaded: ${fault}` }
  try {
    return { ok: true, value: await readModule(url) }
  } catch (error) {
    return { ok: false, why: `it cannot be loaded: ${reasonOf(path, error)}` }
  }
}

async function readModule(url: string): Promise<unknown> {
  if (isJson(url)) return JSON.parse(await readFile(fileURLToPath(url), 'utf8'))
  const module: unknown = await import(/* @vite-ignore */ url)
  return Reflect.get(Object(module), 'default')
}

function isJson(url: string): boolean {
  return url.endsWith('.json')
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
  if (error instanceof SyntaxError && !isJson(path)) {
    return `${messageOf(error)}; "node --check ${printable(path)}" says where`
  }
  if (Reflect.get(Object(error), 'code') !== UNKNOWN_ENDING) return messageOf(error)
  return `Node ${process.versions.node} does not read files of this kind; write it as .js or .mjs`
}

/** What was thrown in one line; it may be anything. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : 'it threw something that is no error'
  return printable(text.split('\n', 1)[0] ?? '')
}

/** Words with the end of a sentence, where they have none. Pure. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
