import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Inspector } from './inspector.ts'

const InspectorContext = createContext<Inspector | null>(null)

/** Hands the inspector to every component below. */
export const InspectorProvider = InspectorContext.Provider

/** The inspector of this page. */
export function useInspector(): Inspector {
  const inspector = useContext(InspectorContext)
  if (inspector === null) throw new Error('Expected an <InspectorProvider> around this component.')
  return inspector
}
