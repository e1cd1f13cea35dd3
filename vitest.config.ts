// Plain `vitest` and editors look for this name; the configuration itself is the workspace file.
export { default } from './vitest.workspace.ts'
