import { createHmac } from 'node:crypto'
import { defineProvider } from 'callstate/providers'
import { bolna } from 'callstate/providers/bolna'
import { dialgen } from 'callstate/providers/dialgen'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createWebhookHandler } from './index.ts'
import {
  bolnaBody,
  createTarget,
  forOne,
  type OneProvider,
  PUBLISHED_ADDRESS,
  post,
} from './target.fixture.ts'

const setUp = (options: OneProvider = {}) => {
  const target = createTarget()
  return { target, handler: createWebhookHandler(target, forOne(options)) }
}

const BODY = bolnaBody('busy')
const STRANGER = '198.51.100.7'

describe('the source address', () => {
  const statusFrom = async (
    remoteAddress: string | undefined,
    options?: OneProvider,
    headers?: Record<string, string>,
  ) => (await setUp(options).handler(post(BODY, headers), { remoteAddress })).status

  test('is one that the provider publishes, by default', async () => {
    for (const address of bolna.delivery.sourceAddresses) {
      expect(await statusFrom(address)).toBe(200)
      expect(await statusFrom(`::ffff:${address}`)).toBe(200)
      expect(await statusFrom(address, { addresses: 'published' })).toBe(200)
    }
    expect(await statusFrom(STRANGER)).toBe(403)
    expect(await statusFrom(STRANGER, { addresses: 'published' })).toBe(403)
  })

  test('is refused where it is unknown', async () => {
    const { handler, target } = setUp()
    expect((await handler(post(BODY))).status).toBe(403)
    for (const connection of [{}, { remoteAddress: 5 }, { remoteAddress: null }, null, 'text']) {
      const response = await handler(post(BODY), connection as { remoteAddress?: string })
      expect(response.status).toBe(403)
    }
    expect(await target.stored()).toBe(0)
  })

  test.each([
    ['192.0.2.7', '192.0.2.7', 200],
    ['192.0.2.7', '192.0.2.8', 403],
    ['192.0.2.7', '::ffff:192.0.2.7', 200],
    ['192.0.2.7', '::ffff:c000:207', 200],
    ['192.0.2.7', '::c000:207', 403],
    ['::ffff:192.0.2.7', '192.0.2.7', 200],
    ['192.0.2.0/24', '192.0.2.255', 200],
    ['192.0.2.0/24', '192.0.3.0', 403],
    ['192.0.2.77/24', '192.0.2.1', 200],
    ['192.0.2.0/25', '192.0.2.128', 403],
    ['192.0.2.7/32', '192.0.2.7', 200],
    ['128.0.0.0/1', '192.0.2.7', 200],
    ['::ffff:192.0.2.0/120', '192.0.2.9', 200],
    ['::ffff:192.0.2.0/120', '192.0.3.9', 403],
    ['2001:db8::/32', '2001:db8:5::1', 200],
    ['2001:db8::/32', '2001:db9::1', 403],
    ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', 200],
    ['fe80::1', 'fe80::1%eth0', 200],
    // 192 is 0xc0: the leading bits are the same.
    ['c000::/8', '192.0.2.7', 403],
    ['192.0.0.0/8', 'c000::1', 403],
  ])('%s and a connection from %s: %i', async (address, remoteAddress, status) => {
    expect(await statusFrom(remoteAddress, { addresses: [STRANGER, address] })).toBe(status)
  })

  test('may be any, where the secret is proof enough', async () => {
    const options = { addresses: 'any', secret: { header: 'x-key', value: 'hush' } } as const
    expect(await statusFrom(undefined, options, { 'x-key': 'hush' })).toBe(200)
    expect(await statusFrom(STRANGER, options, { 'x-key': 'hush' })).toBe(200)
    expect(await statusFrom(PUBLISHED_ADDRESS, options)).toBe(401)
  })

  const forged = [
    'x-forwarded-for',
    'x-real-ip',
    'forwarded',
    'cf-connecting-ip',
    'true-client-ip',
    'x-client-ip',
    'x-forwarded',
    'x-cluster-client-ip',
    'client-ip',
    'via',
  ]

  test('is not changed by a forged header', async () => {
    const headers = Object.fromEntries(forged.map((name) => [name, PUBLISHED_ADDRESS]))
    const behindProxy = { trustedProxies: ['10.0.0.0/8'] }
    for (const remoteAddress of [STRANGER, `::ffff:${STRANGER}`, '127.0.0.1', undefined]) {
      expect(await statusFrom(remoteAddress, {}, headers)).toBe(403)
      expect(await statusFrom(remoteAddress, behindProxy, headers)).toBe(403)
    }
    // Nor is one that is right made wrong.
    const wrong = Object.fromEntries(forged.map((name) => [name, STRANGER]))
    expect(await statusFrom(PUBLISHED_ADDRESS, behindProxy, wrong)).toBe(200)
    // Behind a trusted proxy, the other headers mean nothing either.
    const { 'x-forwarded-for': _, ...others } = headers
    expect(await statusFrom('10.0.0.1', behindProxy, others)).toBe(403)
  })

  test.each([
    ['192.0.2.7', 200],
    [' 192.0.2.7 ', 200],
    ['192.0.2.7:51234', 200],
    ['[::ffff:192.0.2.7]:443', 200],
    ['::ffff:192.0.2.7', 200],
    ['192.0.2.7, 10.0.0.9', 200],
    ['192.0.2.7,10.0.0.9,10.1.1.1', 200],
    ['192.0.2.7, [fd00::1]:80, 10.0.0.9', 200],
    // What stands left of the first stranger is the stranger's own claim.
    [`192.0.2.7, ${STRANGER}`, 403],
    [`192.0.2.7, ${STRANGER}, 10.0.0.9`, 403],
    [`${STRANGER}, 192.0.2.7`, 200],
    [`garbage, ${STRANGER}, , 192.0.2.7, 10.0.0.9`, 200],
    // Only trusted hops, or garbage where an address should be.
    ['10.0.0.9', 403],
    ['', 403],
    [',', 403],
    ['192.0.2.7,', 403],
    ['192.0.2.7, ,10.0.0.9', 403],
    ['unknown', 403],
    ['192.0.2.7, unknown', 403],
    ['192.0.2.7 10.0.0.9', 403],
    ['192.0.2.7;10.0.0.9', 403],
    ['192.0.2.007', 403],
    ['0300.0.2.7', 403],
    ['0xc0.0.2.7', 403],
    ['3221225991', 403],
    ['192.0.519', 403],
    ['::ffff:192.0.2.007', 403],
    ['192.0.2.7.', 403],
    ['192.0.2.7/32', 403],
    ['[192.0.2.7]', 403],
    ['[[::ffff:192.0.2.7]]', 403],
    ['192.0.2.7:', 403],
    ['192.0.2.7:port', 403],
    ['"192.0.2.7"', 403],
    ['for=192.0.2.7', 403],
    [`${' '.repeat(2_000)}x192.0.2.7`, 403],
    ['1:'.repeat(5_000), 403],
  ])('behind a trusted proxy that says "%s": %i', async (forwardedFor, status) => {
    const options = { addresses: ['192.0.2.7'], trustedProxies: ['10.0.0.0/8', 'fd00::/8'] }
    const headers = { 'x-forwarded-for': forwardedFor }
    expect(await statusFrom('10.0.0.1', options, headers)).toBe(status)
    expect(await statusFrom('::ffff:10.0.0.1', options, headers)).toBe(status)
    expect(await statusFrom('[fd00::7]:8080', options, headers)).toBe(status)
    // The same from anybody else says nothing.
    expect(await statusFrom('11.0.0.1', options, headers)).toBe(403)
  })

  test('of several header lines is the one that the last proxy wrote', async () => {
    const { handler } = setUp({ addresses: ['192.0.2.7'], trustedProxies: ['10.0.0.1'] })
    const send = (...lines: string[]) => {
      const request = post(BODY)
      for (const line of lines) request.headers.append('x-forwarded-for', line)
      return handler(request, { remoteAddress: '10.0.0.1' })
    }
    expect((await send('192.0.2.7', STRANGER)).status).toBe(403)
    expect((await send(STRANGER, '192.0.2.7')).status).toBe(200)
  })

  test('is that of the proxy itself where it names nobody', async () => {
    const options = { addresses: ['10.0.0.1'], trustedProxies: ['10.0.0.1'] }
    expect(await statusFrom('10.0.0.1', options)).toBe(200)
    expect(await statusFrom('10.0.0.1', options, { 'x-forwarded-for': STRANGER })).toBe(403)
  })

  test('of a stranger is never let in, whatever the headers claim', async () => {
    const octet = fc.nat(255)
    const address = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'))
    const hop = fc.oneof(
      address,
      fc.constant('192.0.2.7'),
      fc.constant('10.0.0.1'),
      fc.ipV6(),
      fc.string(),
    )
    const { handler, target } = setUp({
      addresses: ['192.0.2.7'],
      trustedProxies: ['10.0.0.0/8'],
    })
    const strange = address.filter((text) => text !== '192.0.2.7' && !text.startsWith('10.'))
    const claims = fc.array(hop).map((hops) => hops.join(', ').replace(/[^ -~]/g, '?'))
    await fc.assert(
      fc.asyncProperty(strange, claims, async (stranger, claimed) => {
        const direct = post(BODY, { 'x-forwarded-for': claimed })
        expect((await handler(direct, { remoteAddress: stranger })).status).toBe(403)
        const through = post(BODY, { 'x-forwarded-for': `${claimed}, ${stranger}, 10.0.0.2` })
        expect((await handler(through, { remoteAddress: '10.0.0.1' })).status).toBe(403)
      }),
    )
    expect(await target.stored()).toBe(0)
  })
})

describe('the secret', () => {
  const send = async (value: string | readonly string[], headers: Record<string, string>) => {
    const { target, handler } = setUp({ addresses: 'any', secret: { header: 'X-Key', value } })
    const { status } = await handler(post(BODY, headers))
    expect(await target.stored()).toBe(status === 200 ? 1 : 0)
    return status
  }

  test('is taken in its header, whose case does not matter', async () => {
    expect(await send('hush', { 'x-key': 'hush' })).toBe(200)
    expect(await send('hush', { 'X-KEY': 'hush' })).toBe(200)
    expect(await send('Bearer hush', { 'x-key': 'Bearer hush' })).toBe(200)
  })

  test.each(['', 'hus', 'hushh', 'HUSH', 'hush, hush', 'h', 'ush', 'hush'.repeat(1_000), 'hüsh'])(
    'is refused as "%s"',
    async (given) => {
      expect(await send('hush', { 'x-key': given })).toBe(401)
    },
  )

  test('is refused where it is missing, in another header, or twice', async () => {
    expect(await send('hush', {})).toBe(401)
    expect(await send('hush', { authorization: 'hush' })).toBe(401)
    const { handler } = setUp({ addresses: 'any', secret: { header: 'x-key', value: 'hush' } })
    const twice = post(BODY, { 'x-key': 'hush' })
    twice.headers.append('x-key', 'hush')
    expect((await handler(twice)).status).toBe(401)
  })

  test('may be one of several, while one is being replaced', async () => {
    const secrets = ['the-new-one', 'the-old-one', 'the-old-one']
    for (const secret of secrets) expect(await send(secrets, { 'x-key': secret })).toBe(200)
    expect(await send(secrets, { 'x-key': 'another' })).toBe(401)
    expect(await send(secrets, { 'x-key': secrets.join(', ') })).toBe(401)
  })

  test('is asked for beside the right address, and before the body is touched', async () => {
    const { handler } = setUp({ secret: { header: 'x-key', value: 'hush' } })
    const wrong = post('no JSON', { 'x-key': 'wrong' })
    expect((await handler(wrong, { remoteAddress: PUBLISHED_ADDRESS })).status).toBe(401)
    expect(wrong.bodyUsed).toBe(false)
    const stranger = post('no JSON', { 'x-key': 'hush' })
    expect((await handler(stranger, { remoteAddress: STRANGER })).status).toBe(403)
    expect(stranger.bodyUsed).toBe(false)
  })
})

describe('the signature', () => {
  const MESSAGE = JSON.stringify({ event: 'call.completed', callId: 'c-1', status: 'COMPLETED' })
  const sign = (body: string, secret = 'shared') =>
    createHmac('sha256', secret).update(body).digest('hex')
  const send = async (
    body: string,
    signature: string | null,
    keys: OneProvider['keys'] = 'shared',
  ) => {
    const target = createTarget()
    const handler = createWebhookHandler(target, forOne({ provider: 'dialgen', keys }))
    const headers: Record<string, string> =
      signature === null ? {} : { 'x-dialgen-signature': signature }
    const { status } = await handler(post(body, headers))
    expect(await target.stored()).toBe(status === 200 ? 1 : 0)
    return status
  }

  test('over this body with this secret is taken', async () => {
    expect(await send(MESSAGE, sign(MESSAGE))).toBe(200)
    expect(await send(MESSAGE, sign(MESSAGE, 'old'), ['shared', 'old'])).toBe(200)
  })

  test('over another body, with another secret, or none at all is refused', async () => {
    const other = MESSAGE.replace('COMPLETED', 'FAILED')
    expect(await send(other, sign(MESSAGE))).toBe(401)
    expect(await send(MESSAGE, sign(MESSAGE, 'guess'))).toBe(401)
    expect(await send(MESSAGE, sign(MESSAGE, 'guess'), ['shared', 'old'])).toBe(401)
    expect(await send(MESSAGE, sign(MESSAGE).slice(1))).toBe(401)
    expect(await send(MESSAGE, `${sign(MESSAGE)}, ${sign(MESSAGE)}`)).toBe(401)
    expect(await send(MESSAGE, '')).toBe(401)
    expect(await send(MESSAGE, null)).toBe(401)
  })

  test('comes before the question whether the body is an event', async () => {
    expect(await send('no JSON', sign(MESSAGE))).toBe(401)
    expect(await send('no JSON', sign('no JSON'))).toBe(400)
  })

  test('that was heard before, with its body, adds nothing', async () => {
    const target = createTarget()
    const handler = createWebhookHandler(target, forOne({ provider: 'dialgen', keys: 'shared' }))
    const replayed = () => handler(post(MESSAGE, { 'x-dialgen-signature': sign(MESSAGE) }))
    await replayed()
    expect(await (await replayed()).json()).toMatchObject({ ok: true, repeated: true })
    expect(await target.stored()).toBe(1)
  })
})

describe('a handler is not made', () => {
  const making = (options: OneProvider) => () => setUp(options)
  const invalid = (message: RegExp) =>
    expect.objectContaining({ code: 'invalid-option', message: expect.stringMatching(message) })

  test('without any proof of origin, unless that is said', () => {
    expect(making({ addresses: 'any' })).toThrow(invalid(/everybody could write/))
    const unsigned = { provider: 'dialgen', keys: false } as const
    expect(making(unsigned)).toThrow(invalid(/everybody could write/))
    making({ addresses: 'any', isOpen: true })
    making({ ...unsigned, isOpen: true })
    making({ ...unsigned, addresses: [STRANGER] })
    making({ ...unsigned, secret: { header: 'x-key', value: 'hush' } })
  })

  test('without the secret of a provider that signs, or with one of a provider that does not', () => {
    expect(making({ provider: 'dialgen' })).toThrow(invalid(/Dialgen signs/))
    const secret = { header: 'x-key', value: 'hush' }
    expect(making({ provider: 'dialgen', secret })).toThrow(invalid(/Dialgen signs/))
    expect(making({ keys: 'shared' })).toThrow(invalid(/Bolna does not sign/))
  })

  test('with a secret that is empty or cannot be sent', () => {
    for (const value of ['', [], ['hush', ''], ' hush', 'hush\n', 'hüsh']) {
      expect(making({ secret: { header: 'x-key', value } })).toThrow(invalid(/secret.value/))
      const signing = { provider: 'dialgen', keys: value }
      expect(making(signing)).toThrow(invalid(/keys/))
    }
    for (const header of ['', 'x key', 'x-key:', 'ß']) {
      expect(making({ secret: { header, value: 'hush' } })).toThrow(invalid(/secret.header/))
    }
  })

  test('with addresses that are none, or that let everybody in', () => {
    expect(making({ addresses: [] })).toThrow(invalid(/at least one address/))
    const unpublished = { provider: 'dialgen', keys: 's', addresses: 'published' } as const
    expect(making(unpublished)).toThrow(invalid(/Dialgen publishes no addresses/))
    for (const text of [
      '',
      'localhost',
      '0.0.0.0/0',
      '::/0',
      '::ffff:0.0.0.0/96',
      '192.0.2.0/33',
      '2001:db8::/129',
      '192.0.2.0/',
      '192.0.2.0/-1',
      '192.0.2.0/024/8',
      '192.0.2.7:80',
      '[2001:db8::1]',
      ' 192.0.2.7',
      '10.0',
      '10',
      '010.0.0.1',
    ]) {
      expect(making({ addresses: [STRANGER, text] })).toThrow(invalid(/"addresses".*place 1/))
      expect(making({ trustedProxies: [text] })).toThrow(invalid(/"trustedProxies".*place 0/))
    }
  })

  test('with limits that are none', () => {
    for (const option of ['maxBodyBytes', 'bodyTimeoutMs', 'answerTimeoutMs']) {
      for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(making({ [option]: value })).toThrow(invalid(new RegExp(option)))
      }
    }
    making({ bodyTimeoutMs: 2_147_483_647 })
    expect(making({ bodyTimeoutMs: 2_147_483_648 })).toThrow(invalid(/2147483647/))
  })

  test('for a provider that the tracker does not know', () => {
    const code = expect.objectContaining({ code: 'unknown-provider' })
    expect(making({ provider: 'acme' })).toThrow(code)
  })

  test('no message says what a secret or an address was', () => {
    for (const options of [
      { secret: { header: 'x-key', value: 'hush\u00fc' } },
      { addresses: ['hush'] },
      { keys: 'hush' },
    ]) {
      expect(making(options)).toThrow(
        expect.objectContaining({ message: expect.not.stringMatching(/hush/) }),
      )
    }
  })
})

test('a check of signatures that throws proves nothing', async () => {
  const [signature] = dialgen.origin
  const boom = () => Promise.reject(new Error())
  const origin = signature === undefined ? [] : [{ ...signature, checkBody: boom }]
  const broken = defineProvider({ ...bolna, name: 'broken', origin })
  const target = createTarget({ providers: [broken] })
  const options = { provider: 'broken', addresses: 'any', keys: 's' } as const
  const headers = { 'x-dialgen-signature': '0'.repeat(64) }
  const response = await createWebhookHandler(target, forOne(options))(post(BODY, headers))
  expect(response.status).toBe(401)
  expect(await target.stored()).toBe(0)
})

test('without any proof, a web page is still no sender', async () => {
  const target = createTarget()
  const handler = createWebhookHandler(target, forOne({ isOpen: true }))
  // Bytes have no content type of their own, which is what a page would try.
  const body = new TextEncoder().encode(JSON.stringify({ id: 'c-1', status: 'ringing' }))
  const from = (headers: Record<string, string>) =>
    handler(new Request('http://localhost/', { method: 'POST', body, headers }))
  expect((await from({ origin: 'https://page.example' })).status).toBe(403)
  expect((await from({ origin: 'null' })).status).toBe(403)
  expect(await target.stored()).toBe(0)
  expect((await from({ 'content-type': 'application/json' })).status).toBe(200)
})
