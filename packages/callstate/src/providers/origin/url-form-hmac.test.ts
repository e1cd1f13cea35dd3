import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Delivery } from '../message.ts'
import { answerOf, deliveryOf } from './delivery.fixture.ts'
import { sortedAddress, wholeAddress } from './signed-request.ts'
import { urlFormHmac } from './url-form-hmac.ts'

// Signatures that the vendor publishes, with where; those without a place are made with node:crypto by
// the vendor's documents.

const FORM = 'application/x-www-form-urlencoded'

/** A form with these fields, as a browser would write it. */
function formOf(
  url: string,
  fields: readonly (readonly [string, string])[],
  headers: Record<string, string>,
): Delivery {
  const body = fields.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
  return deliveryOf(body, { url, headers: { 'content-type': FORM, ...headers } })
}

describe('Twilio (twilio-node, spec/validation.spec.js)', () => {
  const scheme = urlFormHmac({
    header: 'x-twilio-signature',
    hash: 'SHA-1',
    encoding: 'base64',
    text: wholeAddress,
    bodyHashParameter: 'bodySHA256',
  })
  const FIELDS = [
    ['Digits', '1234'],
    ['CallSid', 'CA1234567890ABCDE'],
    ['To', '+18005551212'],
    ['Caller', '+14158675309'],
    ['From', '+14158675309'],
  ] as const
  const URL_OF_ALL = 'https://mycompany.com/myapp.php?foo=1&bar=2'
  const check = (url: string, signature: string, fields: readonly (readonly [string, string])[]) =>
    answerOf(scheme, formOf(url, fields, { 'x-twilio-signature': signature }), '12345')

  test.each([
    [URL_OF_ALL, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    [`${URL_OF_ALL}#rc=2&rp=all`, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['https://mycompany.com:443/myapp.php?foo=1&bar=2', 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    [URL_OF_ALL, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['https://mycompany.com:443/myapp.php?foo=1&bar=2', 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['http://mycompany.com/myapp.php?foo=1&bar=2', '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['http://mycompany.com:80/myapp.php?foo=1&bar=2', '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['http://mycompany.com:1234/myapp.php?foo=1&bar=2', 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
    ['https://user:pass@mycompany.com/myapp.php?foo=1&bar=2', 'CukzLTc1tT5dXEDIHm/tKBanW10='],
    [`${URL_OF_ALL}&Body=It's+amazing`, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
    [`${URL_OF_ALL}&Body=It%27s+amazing`, 'TfZzewPq8wqrGlMfyAud8+/IvJ0='],
  ])('%s', async (url, signature) => {
    expect(await check(url, signature, FIELDS)).toBe('ok')
    expect(await check(url.replace('foo=1', 'foo=2'), signature, FIELDS)).toBe('wrong')
    expect(await check(url, signature, FIELDS.slice(1))).toBe('wrong')
  })

  test('a name that comes several times has its distinct values, sorted', async () => {
    const fields = [
      ['Sid', 'CA123'],
      ['SidAccount', 'AC123'],
      ['Digits', '5678'],
      ['Digits', '1234'],
      ['Digits', '1234'],
    ] as const
    expect(await check(URL_OF_ALL, 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', fields)).toBe('ok')
    expect(await check(URL_OF_ALL, 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', [...fields].reverse())).toBe(
      'ok',
    )
    expect(await check(URL_OF_ALL, 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', fields.slice(0, 4))).toBe('ok')
    expect(await check(URL_OF_ALL, 'IK+Dwps556ElfBT0I3Rgjkr1wJU=', fields.slice(0, 3))).toBe(
      'wrong',
    )
  })

  describe('a body that is no form has its hash in the address', () => {
    const hash = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620'
    const url = `${URL_OF_ALL}&bodySHA256=${hash}`
    const signature = 'a9nBmqA0ju/hNViExpshrM61xv4='
    const body = '{"property": "value", "boolean": true}'
    const headers = { 'content-type': 'application/json', 'x-twilio-signature': signature }

    test('which proves it', async () => {
      expect(await answerOf(scheme, deliveryOf(body, { url, headers }), '12345')).toBe('ok')
      for (const changed of [`${body} `, '{}', '']) {
        expect(await answerOf(scheme, deliveryOf(changed, { url, headers }), '12345')).toBe('wrong')
      }
    })

    test('once, in hex, and under its name', async () => {
      const data = (address: string) => createHmac('sha1', '12345').update(address).digest('base64')
      for (const [address, expected] of [
        [url, 'ok'],
        [`${url}&bodySHA256=${hash}`, 'wrong'],
        [`${url}&bodySHA256=`, 'wrong'],
        [url.replace('0a1f', '0A1F'), 'wrong'],
        [url.replace('bodySHA256', 'bodysha256'), 'wrong'],
        [`${URL_OF_ALL}&bodySHA256=`, 'wrong'],
        [URL_OF_ALL, 'wrong'],
      ] as const) {
        const signed = { ...headers, 'x-twilio-signature': data(address) }
        const delivery = deliveryOf(body, { url: address, headers: signed })
        expect(await answerOf(scheme, delivery, '12345'), address).toBe(expected)
      }
    })

    test('and is refused by a scheme without such a parameter', async () => {
      const without = urlFormHmac({
        header: 'x-twilio-signature',
        hash: 'SHA-1',
        encoding: 'base64',
        text: wholeAddress,
      })
      expect(await answerOf(without, deliveryOf(body, { url, headers }), '12345')).toBe('wrong')
      expect(await answerOf(without, deliveryOf('', { url, headers }), '12345')).toBe('ok')
    })
  })

  test('the address counts as it came, as URL writes it, and with its query escaped anew', async () => {
    const sign = (url: string) => createHmac('sha1', '12345').update(url).digest('base64')
    for (const [came, signed, expected] of [
      ["https://mycompany.com/a?Body=It's+a", "https://mycompany.com/a?Body=It's+a", 'ok'],
      ["https://mycompany.com/a?Body=It's+a", 'https://mycompany.com/a?Body=It%27s+a', 'ok'],
      ['https://mycompany.com/a?Body=It%27s+a', "https://mycompany.com/a?Body=It's%20a", 'ok'],
      ['https://mycompany.com/a?b=2&a&b=1', 'https://mycompany.com/a?b=2&a=&b=1', 'ok'],
      ['https://mycompany.com', 'https://mycompany.com', 'ok'],
      ['https://mycompany.com', 'https://mycompany.com/', 'ok'],
      ['https://[2001:db8::1]/a', 'https://[2001:db8::1]:443/a', 'ok'],
      ['https://[2001:db8::1]:443/a', 'https://[2001:db8::1]/a', 'ok'],
      ['https://mycompany.com:8443/a', 'https://mycompany.com/a', 'ok'],
      ['https://mycompany.com/a', 'https://mycompany.com:8443/a', 'wrong'],
      ['https://mycompany.com/a', 'https://mycompany.com:80/a', 'wrong'],
      ['https://mycompany.com/a', 'http://mycompany.com/a', 'wrong'],
      ['https://mycompany.com/a?b=1&a=2', 'https://mycompany.com/a?a=2&b=1', 'wrong'],
      ['/a?b=1', '/a?b=1', 'ok'],
    ] as const) {
      const headers = { 'x-twilio-signature': sign(signed) }
      const delivery = deliveryOf('', { url: came, headers })
      expect(await answerOf(scheme, delivery, '12345'), `${came} ${signed}`).toBe(expected)
    }
  })

  test('a body that is no form in UTF-8 is not proven', async () => {
    const signature = createHmac('sha1', '12345').update(`${URL_OF_ALL}a1`).digest('base64')
    for (const [type, expected] of [
      [FORM, 'ok'],
      [`${FORM}; charset=utf-8`, 'ok'],
      [`${FORM}; charset=latin1`, 'wrong'],
      ['multipart/form-data', 'wrong'],
      ['application/json', 'wrong'],
      ['', 'wrong'],
    ] as const) {
      const headers = { 'content-type': type, 'x-twilio-signature': signature }
      const delivery = deliveryOf('a=1', { url: URL_OF_ALL, headers })
      expect(await answerOf(scheme, delivery, '12345'), type).toBe(expected)
      expect(await answerOf(scheme, { ...delivery, method: 'GET' }, '12345')).toBe('wrong')
    }
  })

  test('a GET is its address, and has no body', async () => {
    const signature = createHmac('sha1', '12345').update(URL_OF_ALL).digest('base64')
    const headers = { 'x-twilio-signature': signature }
    const get = deliveryOf('', { method: 'GET', url: URL_OF_ALL, headers })
    expect(await answerOf(scheme, get, '12345')).toBe('ok')
    const body = new TextEncoder().encode('a=1')
    expect(await answerOf(scheme, { ...get, rawBody: body }, '12345')).toBe('wrong')
  })
})

describe('Plivo V3 (plivo-go, utils_test.go)', () => {
  const scheme = urlFormHmac({
    header: 'x-plivo-signature-v3',
    alsoHeader: 'x-plivo-signature-ma-v3',
    nonceHeader: 'x-plivo-signature-v3-nonce',
    isSeveral: true,
    hash: 'SHA-256',
    encoding: 'base64',
    text: sortedAddress,
  })
  const TOKEN = 'Y2Q2ZDgxZmY5YWRiOTI5YmQ1Njg0MTAxZWIyOTc4'
  const NONCE = '31627761595286130198'
  const ID = '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36'
  const SIP = 'sip:PlivoSignature382029104058171078704104@'
  const FIELDS = [
    ['Direction', 'outbound'],
    ['From', '19792014278'],
    ['ALegUUID', ID],
    ['BillRate', '0.002'],
    ['ParentAuthID', 'MANWVLYTK4ZWU1YTY4QA'],
    ['To', `${SIP}phone-qa.voice.plivodev.com`],
    ['SIP-H-To', `<${SIP}52.9.11.55;transport=udp>;tag=1`],
    ['CallUUID', ID],
    ['RequestUUID', ID],
    ['ALegRequestUUID', ID],
    ['SessionStart', '2020-04-08 11:34:33.238707'],
    ['CallStatus', 'in-progress'],
    ['Event', 'StartApp'],
  ] as const
  const BASE = 'https://plivobin.non-prod.plivops.com/api/v1/validate_signature03.xml'
  const post = (url: string, signature: string, header = 'x-plivo-signature-v3') =>
    formOf(url, FIELDS, { [header]: signature, 'x-plivo-signature-v3-nonce': NONCE })

  const WITH_QUERY = 'k7Pusd4OxCIjR5IfA9iedDNu/h/gbdYqdzG/MiYtd1c='
  const WITHOUT_QUERY = 'iAjE5QqI37mbkYe4w3jTMudqEzbDufdqi7sYwTu64e0='

  test('POST with a query and without one', async () => {
    expect(await answerOf(scheme, post(`${BASE}/?a=b&c=d`, WITH_QUERY), TOKEN)).toBe('ok')
    expect(await answerOf(scheme, post(`${BASE}/?c=d&a=b#rc=1`, WITH_QUERY), TOKEN)).toBe('ok')
    expect(await answerOf(scheme, post(BASE, WITHOUT_QUERY), TOKEN)).toBe('ok')
    expect(await answerOf(scheme, post(`${BASE}?`, WITHOUT_QUERY), TOKEN)).toBe('ok')
    expect(await answerOf(scheme, post(`${BASE}/`, WITHOUT_QUERY), TOKEN)).toBe('wrong')
    expect(await answerOf(scheme, post(`${BASE}/?a=b&c=e`, WITH_QUERY), TOKEN)).toBe('wrong')
  })

  test('GET: the vectors sign its fields in the query', async () => {
    const query = FIELDS.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
    const headers = (signature: string) => ({
      'x-plivo-signature-v3': signature,
      'x-plivo-signature-v3-nonce': NONCE,
    })
    for (const [url, signature] of [
      [`${BASE}/?a=b&c=d&${query}`, 'UBq8jAtd32wR8EK9VgxbBn4n5rpI/l1H9iN4WfSEHFQ='],
      [`${BASE}?${query}`, 'i/MQsaQSAd6fiKhOh2qeeeLHZ9faldADSb3/7+Akfbc='],
    ] as const) {
      const get = deliveryOf('', { method: 'GET', url, headers: headers(signature) })
      expect(await answerOf(scheme, get, TOKEN)).toBe('ok')
      expect(await answerOf(scheme, { ...get, url: `${url}&e=f` }, TOKEN)).toBe('wrong')
    }
  })

  test('the port may be signed or not', async () => {
    const withPort = BASE.replace('.com', '.com:443')
    expect(await answerOf(scheme, post(withPort, WITHOUT_QUERY), TOKEN)).toBe('ok')
    const message = `${withPort}.${NONCE}`
    const signature = createHmac('sha256', TOKEN).update(message).digest('base64')
    const empty = { ...post(BASE, signature), rawBody: new Uint8Array() }
    expect(await answerOf(scheme, empty, TOKEN)).toBe('ok')
  })

  test('the token of the main account signs another header, and several signatures may come', async () => {
    const also = post(BASE, WITHOUT_QUERY, 'x-plivo-signature-ma-v3')
    expect(await answerOf(scheme, also, TOKEN)).toBe('ok')
    const both = { ...also.headers, 'x-plivo-signature-v3': WITH_QUERY }
    expect(await answerOf(scheme, { ...also, headers: both }, TOKEN)).toBe('ok')
    const rotating = post(BASE, `${WITH_QUERY},${WITHOUT_QUERY}`)
    expect(await answerOf(scheme, rotating, TOKEN)).toBe('ok')
  })

  test('another nonce, or none', async () => {
    const delivery = post(BASE, WITHOUT_QUERY)
    const nonce = (value: string | undefined) => ({
      ...delivery,
      headers: { ...delivery.headers, 'x-plivo-signature-v3-nonce': value },
    })
    expect(await answerOf(scheme, nonce('31627761595286130199'), TOKEN)).toBe('wrong')
    expect(await answerOf(scheme, nonce(undefined), TOKEN)).toBe('missing')
  })
})
