import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const fileOf = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const { exports, peerDependencies }: Record<'exports' | 'peerDependencies', object> = JSON.parse(
  fileOf('package.json'),
)

test('the README names every public entry, and what must be installed for it', () => {
  const readme = fileOf('README.md')
  const isPublic = (path: string) => !/^\.\/(?:internal|package\.json)|\*/.test(path)
  const entries = Object.keys(exports).filter(isPublic)
  expect(entries.length).toBeGreaterThan(5)
  for (const path of entries) expect(readme).toContain(`\`${path.replace('.', 'callstate')}\``)
  for (const peer of Object.keys(peerDependencies)) expect(readme).toContain(` ${peer} `)
})
