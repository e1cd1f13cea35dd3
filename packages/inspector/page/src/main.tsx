import 'virtual:machine-drawing.css'
import { render } from 'preact'
import { Page } from './page.tsx'
import { PageModelProvider } from './page-context.ts'
import { createPageModel } from './page-model.ts'

const root = document.getElementById('page')
if (root === null) throw new Error('Expected an element with the id "page" in index.html.')
render(
  <PageModelProvider value={createPageModel()}>
    <Page />
  </PageModelProvider>,
  root,
)
