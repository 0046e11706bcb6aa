import { expect, it } from 'vitest'
import { mailDocument } from './mailbox.ts'

const ask = (find: Parameters<typeof mailDocument>[0]) =>
  mailDocument(find)(new Request('http://localhost:3000/mailbox/messages/x'), { params: Promise.resolve({ id: 'x' }) })

it('a mail that is gone is not found', async () => {
  expect((await ask(async () => null)).status).toBe(404)
})

it('a database that does not answer is an outage, not a mail that is gone', async () => {
  const away = Object.assign(new Error('gone'), { name: 'DatabaseUnavailable' })
  const response = await ask(() => Promise.reject(away))
  expect([response.status, (await response.json()).code]).toEqual([503, 'unavailable'])
})
