import { SaxesParser } from 'saxes'

/** One element of an XML document, with its text and that of the elements in it. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly parents: readonly Element[]
  text: string
}

/** Reads a document strictly: throws where it is not well-formed. Elements stand in their order. */
export function readXml(text: string): readonly Element[] {
  const elements: Element[] = []
  const open: Element[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, parents: [...open], text: '' }
    elements.push(element)
    open.push(element)
  })
  parser.on('text', (piece) => {
    for (const element of open) element.text += piece
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(text).close()
  return elements
}

/** The values of a data attribute, in their order. */
export function valuesOf(elements: readonly Element[], attribute: string): readonly string[] {
  return elements.flatMap(({ attributes }) => attributes[attribute] ?? [])
}

export function hasClass({ attributes }: Element, name: string): boolean {
  return (attributes['class'] ?? '').split(' ').includes(name)
}
