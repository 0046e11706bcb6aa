import type { Letter } from '#lib/auth/letters'
import { LINK_LIFETIME } from '#lib/auth/policy'
import { type SendOutboxDeps, sendOutbox } from '#lib/jobs/send-outbox'
import type { Delivery, Mail, MailSender } from '#lib/mail/sender'
import { testDeps } from '../deps.ts'
import { recordingLog } from './job-log.ts'
import { challengeLetter, SITE } from './letters.ts'
import { outboxById } from './queued-mail.ts'

export const neverStopping = new AbortController().signal

/** A transport that answers as it is told, and remembers. */
export function scripted(answer: (mail: Mail) => Delivery | Promise<Delivery>) {
  const sent: Mail[] = []
  const send = async (mail: Mail) => {
    sent.push(mail)
    return await answer(mail)
  }
  return { sent, sender: { transport: 'smtp', send } satisfies MailSender }
}

/** A database, an outbox to queue in, and the job that empties it, by a clock that stands still. */
export async function sendingTest() {
  const deps = await testDeps()
  const log = recordingLog()
  return {
    deps,
    log,
    queue: (letter: Letter = challengeLetter('verify'), lifetime = LINK_LIFETIME.verify, to = 'ann@example.com') => {
      const mail = { to, letter, expiresAt: deps.now() + lifetime }
      return deps.db.transaction((tx) => deps.outbox.enqueue(tx, mail))
    },
    run: (mail: MailSender, stopping = neverStopping, changes: Partial<SendOutboxDeps> = {}) =>
      sendOutbox({ ...deps, settled: deps.now, mail, log, site: SITE, ...changes }, stopping),
    rows: async () => [...(await deps.db.run(outboxById)).values()],
  }
}
