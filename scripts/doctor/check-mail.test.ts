import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { readMailbox } from '#lib/mail/mailbox'
import { testDatabase } from '../../test/deps.ts'
import { startSmtpServer } from '../../test/mail/smtp-server.ts'
import { checkMail } from './check-mail.ts'
import { sendTestMail } from './send-test-mail.ts'

const FROM = 'Vestibule <no-reply@example.com>'
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function smtp(options: Parameters<typeof startSmtpServer>[0]) {
  const server = await startSmtpServer(options)
  closers.push(server.close)
  return server
}
const lookAt = async (url: string) => (await checkMail({ mail: { kind: 'smtp', url }, mailFrom: FROM }))[0]

describe('SMTP', () => {
  const login = { user: 'vestibule', password: 'p@ss' }

  test('is well when it takes the password, and nothing was sent', async () => {
    const server = await smtp({ tls: 'starttls', login })
    expect(await lookAt(`smtp://vestibule:p%40ss@127.0.0.1:${server.port}`)).toMatchObject({ state: 'ok' })
    expect(server.received).toEqual([])
  })

  test('is wrong when it refuses the password, which is not repeated', async () => {
    const server = await smtp({ tls: 'starttls', login })
    const finding = await lookAt(`smtp://vestibule:hunter2@127.0.0.1:${server.port}`)
    expect(finding).toMatchObject({ state: 'wrong', message: expect.stringContaining('user and password in MAIL_URL') })
    expect(finding?.message).not.toContain('hunter2')
  })

  test('is wrong when nobody listens', async () => {
    expect(await lookAt('smtp://127.0.0.1:1')).toMatchObject({
      state: 'wrong',
      message: expect.stringMatching(/ECONNREFUSED.*: look at host and port/u),
    })
  })
})

describe('Resend', () => {
  let asked: (string | undefined)[]
  async function lookAtResend(status: number, body: unknown) {
    asked = []
    const server: Server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`, request.headers.authorization)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    closers.push(async () => void server.close())
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return (await checkMail({ mail: { kind: 'resend', apiKey: 're_k', baseUrl }, mailFrom: FROM }))[0]
  }
  const domains = (name: string, status: string) => ({ data: [{ name, status }], has_more: false })

  test.each([
    [200, domains('example.com', 'verified'), 'ok', /sends for example\.com/u],
    [200, domains('example.com', 'pending'), 'wrong', /has not verified example\.com/u],
    [200, domains('example.org', 'verified'), 'wrong', /has not verified example\.com/u],
    [401, { name: 'restricted_api_key', message: 'only send' }, 'ok', /may only send/u],
    [403, { name: 'invalid_api_key', message: 'API key is invalid' }, 'wrong', /look at RESEND_API_KEY/u],
    [400, { name: 'validation_error', message: 'API key is invalid' }, 'wrong', /look at RESEND_API_KEY/u],
    [429, { name: 'rate_limit_exceeded' }, 'warning', /ask again later/u],
    [500, '<h1>', 'warning', /ask again later/u],
  ])('answering %i %j', async (status, body, state, message) => {
    expect(await lookAtResend(status, body)).toEqual({ check: 'mail', state, message: expect.stringMatching(message) })
    expect(asked).toEqual(['GET /domains', 'Bearer re_k'])
  })

  test('out of reach', async () => {
    const mail = { kind: 'resend', apiKey: 're_k', baseUrl: 'http://127.0.0.1:1' } as const
    expect(await checkMail({ mail, mailFrom: FROM })).toMatchObject([{ state: 'wrong' }])
  })
})

describe('--send-mail', () => {
  const site = { mailFrom: FROM, siteName: 'Hall', appOrigin: 'http://localhost:3000' }

  test('sends a letter by the transport of the settings', async () => {
    const server = await smtp({ tls: 'starttls' })
    const db = await testDatabase()
    const mail = { kind: 'smtp', url: `smtp://127.0.0.1:${server.port}` } as const
    expect(await sendTestMail('ann@example.net', { ...site, mail }, db, Date.now)).toMatchObject([{ state: 'ok' }])
    expect(server.received).toMatchObject([{ to: ['ann@example.net'] }])
    expect(server.received[0]?.mail.headers.get('subject')).toBe('Hall can send mail')
    expect(await sendTestMail('ann@example.net', { ...site, mail: { kind: 'mailbox' } }, db, Date.now)).toMatchObject([
      { state: 'ok', message: expect.stringContaining('/mailbox') },
    ])
    expect(await readMailbox(db, 'ann@example.net')).toHaveLength(1)
    await db.close()
  })

  test('says what is no address, and what the provider said', async () => {
    const server = await smtp({
      tls: 'starttls',
      refuse: { at: 'recipient', responseCode: 550, message: 'No such user' },
    })
    const db = await testDatabase()
    const mail = { kind: 'smtp', url: `smtp://127.0.0.1:${server.port}` } as const
    expect(await sendTestMail('ann', { ...site, mail }, db, Date.now)).toMatchObject([{ state: 'wrong' }])
    expect(await sendTestMail('ann@example.net', { ...site, mail }, db, Date.now)).toMatchObject([
      { state: 'wrong', message: expect.stringContaining('No such user') },
    ])
    await db.close()
  })
})
