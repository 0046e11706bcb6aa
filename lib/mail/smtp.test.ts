import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { challengeLetter, SITE } from '../../test/mail/letters.ts'
import { CERTIFICATE, startSmtpServer } from '../../test/mail/smtp-server.ts'
import { renderLetter } from './messages.tsx'
import type { Mail } from './sender.ts'
import { smtpOptions, smtpSender } from './smtp.ts'

const FROM = 'Vestibule <no-reply@example.com>'

async function mailTo(to: string): Promise<Mail> {
  return { id: 'bWFpbC1pZA-_', to, ...(await renderLetter(challengeLetter('verify'), SITE, to)) }
}

const cleanups: (() => Promise<void>)[] = []
async function serve(options: Parameters<typeof startSmtpServer>[0]) {
  const server = await startSmtpServer(options)
  cleanups.push(server.close)
  return server
}
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((close) => close()))
})

describe('a mail that arrives', () => {
  test('by STARTTLS and with a login', async () => {
    const server = await serve({ tls: 'starttls', login: { user: 'vestibule', password: 'p@ss: /%wörd' } })
    const url = `smtp://vestibule:${encodeURIComponent('p@ss: /%wörd')}@localhost:${server.port}`
    const mail = await mailTo('ann@example.net')
    expect(await smtpSender({ url, from: FROM, ca: CERTIFICATE }).send(mail)).toEqual({ ok: true })
    const [arrived] = server.received
    expect(arrived).toMatchObject({
      from: 'no-reply@example.com',
      to: ['ann@example.net'],
      secure: true,
      user: 'vestibule',
    })
    const headers = arrived?.mail.headers
    expect(headers?.get('to')).toBe('ann@example.net')
    expect(headers?.get('from')).toBe(FROM)
    expect(headers?.get('subject')).toBe('Confirm your email address for Vestibule')
    expect(headers?.get('message-id')).toBe('<bWFpbC1pZA-_@example.com>')
    expect(headers?.get('auto-submitted')).toBe('auto-generated')
    expect(arrived?.mail.text).toBe(mail.text)
    expect(arrived?.mail.text.split('\n')).toContain('012345')
    expect(arrived?.mail.html).toBe(mail.html)
  })

  test('by TLS from the first byte', async () => {
    const server = await serve({ tls: 'from the start' })
    const sender = smtpSender({ url: `smtps://localhost:${server.port}`, from: FROM, ca: CERTIFICATE })
    expect(await sender.send(await mailTo('ann@example.net'))).toEqual({ ok: true })
    expect(server.received.map(({ secure }) => secure)).toEqual([true])
  })

  test('to a server of this machine that has no TLS', async () => {
    const server = await serve({ tls: 'none' })
    const sender = smtpSender({ url: `smtp://127.0.0.1:${server.port}`, from: 'no-reply@example.com' })
    expect(await sender.send(await mailTo('ann@example.net'))).toEqual({ ok: true })
    expect(server.received.map(({ from, secure }) => ({ from, secure }))).toEqual([
      { from: 'no-reply@example.com', secure: false },
    ])
  })

  test('never to two recipients, whatever the address looks like', async () => {
    const server = await serve({ tls: 'none' })
    const sender = smtpSender({ url: `smtp://localhost:${server.port}`, from: FROM })
    for (const to of ['ann@example.net,eve@example.org', 'ann@example.net>\r\nRCPT TO:<eve@example.org'])
      expect(await sender.send(await mailTo(to))).toMatchObject({ ok: false, retry: false })
    expect(server.received).toEqual([])
  })

  test('with the same Message-ID at every try', async () => {
    const server = await serve({ tls: 'none' })
    const sender = smtpSender({ url: `smtp://localhost:${server.port}`, from: FROM })
    const mail = await mailTo('ann@example.net')
    await sender.send(mail)
    await sender.send(mail)
    const ids = server.received.map(({ mail: { headers } }) => headers.get('message-id'))
    expect(ids).toEqual(['<bWFpbC1pZA-_@example.com>', '<bWFpbC1pZA-_@example.com>'])
  })
})

describe('a mail that does not', () => {
  const refusals = [
    ['recipient', 550, false],
    ['recipient', 451, true],
    ['mail from', 553, false],
    ['mail from', 530, true],
    ['data', 554, false],
    ['data', 452, true],
    ['connect', 554, true],
    ['connect', 421, true],
  ] as const
  test.each(refusals)('refused at %s with %i: retry %s', async (at, responseCode, retry) => {
    const server = await serve({ tls: 'none', refuse: { at, responseCode, message: 'no <ann@example.net> here' } })
    const sender = smtpSender({ url: `smtp://localhost:${server.port}`, from: FROM })
    const delivery = await sender.send(await mailTo('ann@example.net'))
    expect(delivery).toMatchObject({ ok: false, retry })
    expect(delivery).toHaveProperty('reason', expect.stringContaining(String(responseCode)))
    expect(delivery).toHaveProperty('reason', expect.not.stringContaining('ann@'))
    expect(server.received).toEqual([])
  })

  test('a wrong password is a setting to mend: the mail waits', async () => {
    const server = await serve({ tls: 'starttls', login: { user: 'vestibule', password: 'right' } })
    const sender = smtpSender({ url: `smtp://vestibule:wrong@localhost:${server.port}`, from: FROM, ca: CERTIFICATE })
    const delivery = await sender.send(await mailTo('ann@example.net'))
    expect(delivery).toEqual({ ok: false, retry: true, reason: 'EAUTH 535 Wrong user or password' })
  })

  test('no TLS where it is required: nothing is said to the server', async () => {
    const server = await serve({ tls: 'none', login: { user: 'vestibule', password: 'right' } })
    const sender = smtpSender({ url: `smtp://vestibule:right@localhost:${server.port}`, from: FROM, ca: CERTIFICATE })
    expect(await sender.send(await mailTo('ann@example.net'))).toMatchObject({ ok: false, retry: true })
    expect(server.received).toEqual([])
  })

  test('a certificate of a stranger', async () => {
    const server = await serve({ tls: 'starttls' })
    // Trusts nobody: an authority that signed nothing.
    const sender = smtpSender({ url: `smtp://localhost:${server.port}`, from: FROM, ca: '' })
    expect(await sender.send(await mailTo('ann@example.net'))).toMatchObject({ ok: false, retry: true })
    expect(server.received).toEqual([])
  })

  test('the server is down', async () => {
    const server = await startSmtpServer({ tls: 'none' })
    await server.close()
    const sender = smtpSender({ url: `smtp://127.0.0.1:${server.port}`, from: FROM })
    expect(await sender.send(await mailTo('ann@example.net'))).toMatchObject({
      ok: false,
      retry: true,
      reason: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('the server never says a word', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    cleanups.push(() => new Promise((done) => server.close(() => done())))
    const { port } = server.address() as AddressInfo
    const sender = smtpSender({ url: `smtp://127.0.0.1:${port}`, from: FROM, timeoutMs: 200 })
    expect(await sender.send(await mailTo('ann@example.net'))).toMatchObject({ ok: false, retry: true })
  })

  test('the server hangs up, or says nothing of sense', async () => {
    for (const greeting of ['', '250-\r\nHTTP/1.1 200 OK\r\n\r\n']) {
      const server = createServer((socket) => socket.on('error', () => undefined).end(greeting))
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      cleanups.push(() => new Promise((done) => server.close(() => done())))
      const sender = smtpSender({ url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, from: FROM })
      expect(await sender.send(await mailTo('ann@example.net'))).toMatchObject({ ok: false, retry: true })
    }
  })
})

test('elsewhere than on this machine, mail is encrypted and the server has to prove who it is', () => {
  const remote = { requireTLS: true, secure: false, port: 587, tls: { rejectUnauthorized: true } }
  expect(smtpOptions({ url: 'smtp://mail.example.com' })).toMatchObject(remote)
  expect(smtpOptions({ url: 'smtp://10.0.0.1' })).toMatchObject(remote)
  expect(smtpOptions({ url: 'smtp://127.0.0.1.example.com' })).toMatchObject(remote)
  const wrapped = { requireTLS: false, secure: true, port: 465, tls: { rejectUnauthorized: true } }
  expect(smtpOptions({ url: 'smtps://mail.example.com' })).toMatchObject(wrapped)
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])
    expect(smtpOptions({ url: `smtp://${host}:25` })).toMatchObject({ requireTLS: false, port: 25 })
})
