// What is known to be wrong and not mended yet. Each entry leaves with its cause: the test fails for an
// exception that is no longer needed.

/** Arrows that may close a circle or point against the direction. */
export const ALLOWED_ARROWS: readonly { readonly from: string; readonly to: string }[] = []

/** Shared files whose code may say the name of a provider. */
export const ALLOWED_NAMINGS: readonly string[] = [
  // The addresses of the pages and recordings that each move comes from.
  'packages/callstate/src/lifecycle.ts',
  // The emulator's own list of providers, and the options of those that it emulates in full.
  'packages/emulator/src/index.ts',
  'packages/emulator/src/sides.ts',
]
