import type { Database } from '#db/client'
import type { Env } from '#lib/env'
import { mailSender } from '#lib/mail/choose'
import { systemRandom } from '#lib/random'
import { parseEmail } from '#lib/schemas'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning, wrong } = findingsOf('letter')
const ID_BYTES = 16
const TEXT =
  'This is the letter that "npm run doctor" sends. It came by the way that codes and links take, so they will arrive too.'

type Sending = Pick<Env, 'mail' | 'mailFrom' | 'siteName' | 'appOrigin'>

/** Sends a real letter, at once and past the outbox. */
export async function sendTestMail(
  typed: string,
  settings: Sending,
  db: Database | null,
  now: () => number,
): Promise<Finding[]> {
  const to = parseEmail(typed)
  if (to === null) return [wrong(`${typed} is no address mail can go to: --send-mail you@example.com.`)]
  if (db === null) return [warning('Without a database no letter was sent: mend that first.')]
  const sender = mailSender({ ...settings.mail, from: settings.mailFrom }, db, now)
  const delivery = await sender.send({
    id: systemRandom.token(ID_BYTES),
    to,
    subject: `${settings.siteName} can send mail`,
    text: `${TEXT}\n\n${settings.appOrigin}\n`,
    html: `<p>${TEXT.replaceAll('"', '&quot;')}</p><p>${settings.appOrigin}</p>`,
  })
  if (!delivery.ok)
    return [wrong(`The letter to ${to} was not taken (${delivery.reason}): look at MAIL_URL and MAIL_FROM.`)]
  const where = sender.transport === 'mailbox' ? `look at ${settings.appOrigin}/mailbox` : 'look there, and in the spam'
  return [ok(`A letter to ${to} was taken: ${where}.`)]
}
