import type { Parameters, ToldMessage } from 'callstate/providers'
import type { Message } from '../provider-api.ts'

/** The webhook in which a told message goes to this address. Pure. */
export function webhookOf(told: ToldMessage, url: string, isFinal: boolean): Message {
  const { method = 'POST', contentType, headers = {}, body, query = {} } = told
  const type = contentType === undefined ? {} : { 'content-type': contentType }
  return { url: withQuery(url, query), method, body, headers: { ...type, ...headers }, isFinal }
}

function withQuery(url: string, query: Parameters): string {
  const whole = new URL(url)
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) whole.searchParams.append(name, value)
  }
  return whole.href
}
