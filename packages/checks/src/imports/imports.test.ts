import { expect, test } from 'vitest'
import { type Arrow, arrowText } from './arrow.ts'
import { findCircles } from './circles.ts'
import { ALLOWED_ARROWS, ALLOWED_NAMINGS } from './exceptions.ts'
import { findBackArrows, layerOf } from './layers.ts'
import { isOfProvider, namingsIn } from './provider-names.ts'
import { arrowsAmong, PROVIDER_LIST, productionSources, providerNames } from './workspace.ts'

const sources = productionSources()
const arrows = arrowsAmong(sources)
const names = providerNames(arrows)
const strict = arrows.filter((arrow) => !isAllowed(arrow))

test('the sources and imports of all published packages are seen', () => {
  const packages = ['callstate', 'cli', 'emulator', 'inspector', 'tracker']
  expect([...new Set(sources.map(({ path }) => path.split('/')[1]))]).toEqual(packages)
  expect(arrows.length).toBeGreaterThan(sources.length)
  for (const [from, to] of [
    ['packages/tracker/', 'packages/callstate/src/index.ts'],
    ['packages/inspector/', 'packages/tracker/'],
    ['packages/cli/', 'packages/inspector/'],
  ] as const) {
    const isThere = arrows.some((arrow) => arrow.from.startsWith(from) && arrow.to.startsWith(to))
    expect(isThere, `${from} imports ${to}`).toBe(true)
  }
})

test('no files import one another in a circle, for their types neither', () => {
  const circles = findCircles(strict).map((circle) => circle.map(arrowText).join('\n'))
  expect(circles, circles.join('\n\n')).toEqual([])
})

test('each file has its place in the order of imports', () => {
  const placeless = sources.filter(({ path }) => isSource(path) && layerOf(path) === undefined)
  const paths = placeless.map(({ path }) => path)
  expect(paths, 'files without a layer: give them one in layers.ts').toEqual([])
})

test('imports point one way between packages and between the layers of the library', () => {
  const back = findBackArrows(strict).map(
    ({ arrow, fromLayer, toLayer }) =>
      `${arrowText(arrow)}: ${fromLayer} may not import ${toLayer}`,
  )
  expect(back, back.join('\n')).toEqual([])
})

test('a provider imports no other provider', () => {
  const across = strict.filter(({ from, to }) => {
    const [owner] = names.filter((name) => isOfProvider(from, [name]))
    const others = names.filter((name) => name !== owner)
    return owner !== undefined && isOfProvider(to, others)
  })
  expect(across.map(arrowText)).toEqual([])
})

test('shared code names no provider', () => {
  expect(names.length).toBeGreaterThan(1)
  const namings = sources
    .filter(({ path }) => path !== PROVIDER_LIST && !isOfProvider(path, names))
    .filter(({ path }) => !ALLOWED_NAMINGS.includes(path))
    .flatMap(({ path, text }) => namingsIn(path, text, names))
    .map(({ path, line, text }) => `${path}:${line} says "${text}"`)
  expect(namings, namings.join('\n')).toEqual([])
})

test('each exception is still needed', () => {
  const arrowsNotNeeded = ALLOWED_ARROWS.filter(({ from, to }) => {
    const allowed = arrows.filter((arrow) => arrow.from === from && arrow.to === to)
    const isBack = findBackArrows(allowed).length > 0
    const closesCircle = findCircles([...strict, ...allowed]).length > findCircles(strict).length
    return !isBack && !closesCircle
  })
  const namingsNotNeeded = ALLOWED_NAMINGS.filter((allowed) => {
    const source = sources.find(({ path }) => path === allowed)
    return source === undefined || namingsIn(allowed, source.text, names).length === 0
  })
  const message = 'no longer needed: take them out of exceptions.ts'
  expect([...arrowsNotNeeded, ...namingsNotNeeded], message).toEqual([])
})

function isAllowed({ from, to }: Arrow): boolean {
  return ALLOWED_ARROWS.some((allowed) => allowed.from === from && allowed.to === to)
}

/** Whether a file is part of what a package does, and not of how it is built. */
function isSource(path: string): boolean {
  return path.includes('/src/')
}
