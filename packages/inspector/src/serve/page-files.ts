import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file of the page. */
export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  /** Whether its name changes with its contents, so that it may be kept for ever. */
  readonly isLasting: boolean
}

/** The files of the page by their paths, such as `index.html`; read once, when first asked for. */
export interface PageFiles {
  /** Null where the page was not built. */
  read(): Promise<ReadonlyMap<string, PageFile> | null>
}

/** The files in a folder; by default the built page, beside this module or where the sources build it. */
export function pageFilesIn(folder?: string): PageFiles {
  let files: Promise<ReadonlyMap<string, PageFile> | null> | null = null
  return {
    async read() {
      files ??= readFirst(folder === undefined ? BUILT_PAGES : [folder])
      const found = await files
      // It may be built meanwhile.
      if (found === null) files = null
      return found
    },
  }
}

const BUILT_PAGES = ['./page/', '../../dist/page/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

async function readFirst(
  folders: readonly string[],
): Promise<ReadonlyMap<string, PageFile> | null> {
  for (const folder of folders) {
    const files = await readFolder(folder)
    if (files.has('index.html')) return files
  }
  return null
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = new Map<string, PageFile>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    const type = TYPES[extname(name)] ?? 'application/octet-stream'
    const isLasting = name.startsWith('assets/')
    files.set(name, { bytes: new Uint8Array(await readFile(path)), type, isLasting })
  }
  return files
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}
