import { type Plugin, runnerImport } from 'vite'

const DRAWING = 'virtual:machine-drawing'
const LOOKS = 'virtual:machine-drawing.css'

/**
 * Takes the drawing of the machine into the page at build time: the SVG without its style as the text
 * of `virtual:machine-drawing`, its style as a style sheet, because a strict content security policy
 * blocks styles that stand in markup.
 */
export function drawingPlugin(): Plugin {
  return {
    name: 'machine-drawing',
    resolveId: (id) => (id === DRAWING || id === LOOKS ? `\0${id}` : undefined),
    async load(id) {
      if (id !== `\0${DRAWING}` && id !== `\0${LOOKS}`) return undefined
      const library = await this.resolve('callstate/diagram')
      if (library === null) throw new Error('Expected the package callstate to be installed.')
      const { svg, css } = await drawMachine(library.id)
      return id === `\0${LOOKS}` ? css : `export default ${JSON.stringify(svg)}`
    },
  }
}

async function drawMachine(library: string) {
  const { module } = await runnerImport<typeof import('callstate/diagram')>(library)
  const drawn = module.machineSvg()
  const css = [...drawn.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text).join('\n')
  const svg = drawn.replace(/<style>.*?<\/style>/gs, '')
  if (css === '' || /<style|\sstyle=/.test(svg)) {
    throw new Error('Expected the drawing to hold its style in <style> elements only.')
  }
  return { svg, css }
}
