/** Characters of an error's name that are kept at most. */
const MAX_NAME_LENGTH = 100

/** The name of an error, for logs: never a part of its message. Pure; never throws. */
export function errorName(error: unknown): string {
  try {
    return error instanceof Error ? String(error.name).slice(0, MAX_NAME_LENGTH) : typeof error
  } catch {
    return 'unreadable'
  }
}
