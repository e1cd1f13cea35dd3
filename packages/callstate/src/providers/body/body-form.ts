import type { Delivery, ParseResult } from '../message.ts'

/** A form of body that providers share. `query` is the address of a GET request, whose body is empty. */
export type NamedBodyForm = 'json' | 'form' | 'multipart' | 'query'

/** A form of body that one provider alone has. */
export interface BodyDecoder {
  /** The content types that it decodes, in lower case without parameters: `text/plain`. */
  readonly types: readonly string[]
  /** What the body says. Bad input is an answer; never throws. */
  decode(delivery: Delivery): ParseResult<unknown> | Promise<ParseResult<unknown>>
}

/** A form in which a provider's bodies come. */
export type BodyForm = NamedBodyForm | BodyDecoder
