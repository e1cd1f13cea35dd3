import 'virtual:machine-drawing.css'
import { render } from 'preact'
import { startInspector } from './inspector.ts'
import { InspectorProvider } from './inspector-context.ts'
import { Page } from './page.tsx'

const root = document.getElementById('page')
if (root === null) throw new Error('Expected an element with the id "page" in index.html.')
render(
  <InspectorProvider value={startInspector()}>
    <Page />
  </InspectorProvider>,
  root,
)
