import type { Engine } from '../provider-api.ts'

/** A person who is called. */
export interface Contact {
  readonly id: string
  phoneNumber: string
  name: string
}

/** What a request says of a person. */
export interface ContactDetails {
  readonly id?: string | undefined
  readonly phoneNumber: string
  readonly name?: string | undefined
}

/** The contacts of the account. */
export interface Contacts {
  /** The contact that is meant; undefined where there is none. */
  find(details: ContactDetails): Contact | undefined
  /** The contact that is meant, with what the request says of it; a new one where there is none. */
  resolve(details: ContactDetails): Contact
}

/** Stated: what a contact without a name is called. */
const UNKNOWN_NAME = 'Unknown'

/**
 * Contacts, found by their identifier, or else by their number. An identifier that is not known makes
 * a contact of that name, unless the number is known. Source:
 * https://docs.dialgen.ai/api-reference/endpoint/create-batch; that it is the same for a single call
 * is our reading.
 */
export function createContacts(engine: Engine): Contacts {
  const byId = new Map<string, Contact>()
  const byNumber = new Map<string, Contact>()
  const create = ({ id, phoneNumber, name = UNKNOWN_NAME }: ContactDetails): Contact => {
    const own = id ?? `contact_${engine.random('contact', byId.size).hex(24)}`
    const contact = { id: own, phoneNumber, name }
    byId.set(own, contact)
    return contact
  }
  const find = ({ id, phoneNumber }: ContactDetails) => {
    const known = id === undefined ? undefined : byId.get(id)
    return known ?? byNumber.get(phoneNumber)
  }
  return {
    find,
    resolve(details) {
      const { phoneNumber, name } = details
      const contact = find(details) ?? create(details)
      contact.phoneNumber = phoneNumber
      contact.name = name ?? contact.name
      byNumber.set(phoneNumber, contact)
      return contact
    },
  }
}
