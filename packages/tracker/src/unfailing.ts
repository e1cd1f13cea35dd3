/** The function, except that what it throws goes to `onFailure`, which must not throw, and no further. */
export function unfailing<Args extends readonly unknown[]>(
  call: (...args: Args) => void,
  onFailure: (error: unknown) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      call(...args)
    } catch (error) {
      onFailure(error)
    }
  }
}
