/** What a header of signatures says. */
export interface WrittenSignatures {
  /** When it was signed, as it was written; null where another header says so. */
  readonly timestamp: string | null
  /** Those that came, as they were written; one of them must fit. */
  readonly signatures: readonly string[]
}

/** How a header holds signatures. */
export interface SignatureForm {
  /** Null for what is not in this form. Pure; never throws. */
  read(value: string): WrittenSignatures | null
  write(signature: string, timestamp: string): string
}

/**
 * Labelled parts: a time once, and one or several signatures; parts with other labels are passed over.
 *
 * @example
 * labelled({ timestamp: 't', signature: 'v1' }) // t=1700000000,v1=0a1b…
 */
export function labelled(labels: {
  readonly timestamp: string
  readonly signature: string
}): SignatureForm {
  return {
    read(value) {
      const parts = value.split(',').map((part) => part.trim())
      const under = (label: string) =>
        parts
          .filter((part) => part.startsWith(`${label}=`))
          .map((part) => part.slice(label.length + 1))
      const [timestamp, ...more] = under(labels.timestamp)
      if (timestamp === undefined || more.length > 0) return null
      return { timestamp, signatures: under(labels.signature) }
    },
    write: (signature, timestamp) =>
      `${labels.timestamp}=${timestamp},${labels.signature}=${signature}`,
  }
}

/** One signature, after a prefix where it has one; its time comes in another header. */
export function single(prefix = ''): SignatureForm {
  return {
    read: (value) =>
      value.startsWith(prefix)
        ? { timestamp: null, signatures: [value.slice(prefix.length)] }
        : null,
    write: (signature) => prefix + signature,
  }
}

/** Signatures separated by commas, as of an old and a new key; their time comes in another header. */
export const SEPARATED: SignatureForm = {
  read: (value) => ({
    timestamp: null,
    signatures: value.split(',').map((signature) => signature.trim()),
  }),
  write: (signature) => signature,
}
