import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { PageModel } from './page-model.ts'

const PageContext = createContext<PageModel | null>(null)

/** Hands the model of the page to every component below. */
export const PageModelProvider = PageContext.Provider

/** The model of this page. */
export function usePageModel(): PageModel {
  const model = useContext(PageContext)
  if (model === null) throw new Error('Expected a <PageModelProvider> around this component.')
  return model
}
