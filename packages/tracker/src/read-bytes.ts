/** All bytes of a stream, or why they were not read to their end. */
export type BytesReading =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: 'too-large' }
  /** `error` is what the stream failed with. */
  | { readonly ok: false; readonly reason: 'broken'; readonly error: unknown }

/** Reads a stream to its end, but no further than `maxBytes`. Cancels nothing; never rejects. */
export async function readBytes(
  reader: ReadableStreamDefaultReader<unknown>,
  maxBytes: number,
): Promise<BytesReading> {
  // One buffer that grows: a million chunks of one byte each must not cost more than their bytes.
  let buffer = new Uint8Array()
  let length = 0
  let emptyChunks = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { ok: true, bytes: buffer.subarray(0, length) }
      if (!(value instanceof Uint8Array)) throw new TypeError('A chunk holds no bytes.')
      if (value.length === 0) emptyChunks++
      // Empty chunks without end would keep even the timer from its turn.
      if (length + value.length > maxBytes || emptyChunks > maxBytes) {
        return { ok: false, reason: 'too-large' }
      }
      buffer = withRoomFor(value.length, buffer, length)
      buffer.set(value, length)
      length += value.length
    }
  } catch (error) {
    return { ok: false, reason: 'broken', error }
  }
}

function withRoomFor(bytes: number, buffer: Uint8Array<ArrayBuffer>, length: number) {
  if (length + bytes <= buffer.length) return buffer
  const larger = new Uint8Array(Math.max(length + bytes, buffer.length * 2))
  larger.set(buffer.subarray(0, length))
  return larger
}
