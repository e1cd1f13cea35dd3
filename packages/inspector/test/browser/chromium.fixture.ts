import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const PACKAGE = '@sparticuz/chromium'
const CACHE = new URL('../../node_modules/.cache/', import.meta.url).pathname

/** A Chromium that was unpacked from its npm package, with the libraries and the font beside it. */
export interface UnpackedChromium {
  readonly executable: string
  /** The folder of the system libraries that it carries. */
  readonly libraries: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * Unpacks the Chromium that npm has installed, unless that was done before. Its package unpacks its system
 * libraries only where it believes it runs on AWS Lambda, and into the folder for temporary files, where
 * another worker would find a half-written program: hence a process of its own that is told so, and a
 * folder that gets its name when it is whole.
 */
export async function unpackChromium(): Promise<UnpackedChromium> {
  const entry = import.meta.resolve(PACKAGE)
  const about = await readFile(new URL('../package.json', entry), 'utf8')
  const { version } = JSON.parse(about) as { version: string }
  const folder = join(CACHE, `chromium-${version}`)
  if (!existsSync(folder)) {
    await mkdir(CACHE, { recursive: true })
    const unpacked = await mkdtemp(join(CACHE, 'unpacking-'))
    await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `await (await import(${JSON.stringify(entry)})).default.executablePath()`,
      ],
      { env: { ...process.env, TMPDIR: unpacked, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' } },
    )
    await writeFile(join(unpacked, 'fonts.conf'), fontsConf(folder))
    // Where another worker was faster, its folder stays.
    await rename(unpacked, folder).catch(() => rm(unpacked, { recursive: true }))
  }
  const libraries = join(folder, 'al2023/lib')
  return {
    executable: join(folder, 'chromium'),
    libraries,
    env: {
      HOME: folder,
      PATH: process.env['PATH'] ?? '',
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      // Times are shown in the reader's zone.
      TZ: 'UTC',
    },
  }
}

/** Only the font that it carries, so that text is as wide on every machine. */
function fontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`
}

/** Starts the unpacked Chromium. It knows no name of the network, so that nothing can leave the machine. */
export async function launchChromium(): Promise<Browser> {
  // The package has a browser for Linux on x64: elsewhere one of your own takes its place.
  const own = process.env['CALLSTATE_CHROMIUM']
  const { executable, env } =
    own === undefined ? await unpackChromium() : { executable: own, env: process.env }
  return chromium.launch({
    executablePath: executable,
    env: env as Record<string, string>,
    args: [
      // Tests may run as root; the only page that is opened is ours.
      '--no-sandbox',
      '--no-zygote',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  })
}
