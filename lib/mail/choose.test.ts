import { expect, test } from 'vitest'
import type { Db } from '#db/client'
import { type MailSettings, mailSender } from './choose.ts'

const unused = {} as Db
const from = 'no-reply@example.com'

test.each<MailSettings>([
  { from, kind: 'mailbox' },
  { from, kind: 'resend', apiKey: 're_key' },
  { from, kind: 'smtp', url: 'smtp://mail.example.com' },
])('the settings ask for $kind, and get it', (settings) => {
  expect(mailSender(settings, unused, () => 0).transport).toBe(settings.kind)
})
