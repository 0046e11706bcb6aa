import type { Db } from '#db/client'
import {
  bringMailForward,
  type ClaimedMail,
  claimDueMail,
  dropExpiredMail,
  markSent,
  parkMail,
  postponeMail,
  returnMail,
} from '#db/queries/outbox'
import type { Secrets } from '../auth/deps.ts'
import type { Letter } from '../auth/letters.ts'
import { OUTBOX_LONGEST_WAIT, OUTBOX_RETRIES } from '../auth/policy.ts'
import type { Site } from '../mail/letter-content.ts'
import { renderLetter } from '../mail/messages.tsx'
import type { Delivery, MailSender } from '../mail/sender.ts'
import type { JobLog } from './job-log.ts'
import { restSince } from './rest.ts'

/** Mails a statement, so that none holds the database for long. */
const BATCH = 20
const CONCURRENT = 5
/** Longer than a whole batch takes if every transport call runs into its ten seconds, so nobody sends a mail twice. */
const LEASE_MS = 60_000

export interface SendOutboxDeps {
  db: Db
  now: () => number
  /** See settled-clock.ts: a clock set wrong for an hour must not cost anybody's mail. */
  settled: () => number
  secrets: Pick<Secrets, 'unseal'>
  mail: MailSender
  site: Site
  log: JobLog
}

/** `resumeAt`: the provider asked every caller to wait until then. */
interface Run {
  stopping: AbortSignal
  resumeAt: number
}

function readLetter({ secrets }: SendOutboxDeps, { id, payload }: ClaimedMail): Letter | null {
  const plain = secrets.unseal(payload, id)
  return plain === null ? null : (JSON.parse(plain) as Letter)
}

async function deliver(deps: SendOutboxDeps, mail: ClaimedMail, letter: Letter): Promise<Delivery> {
  try {
    const rendered = await renderLetter(letter, deps.site, mail.recipient)
    return await deps.mail.send({ id: mail.id, to: mail.recipient, ...rendered })
  } catch (error) {
    // A bug in a template or a transport. Tried again like a network fault, so that a release that mends it also sends it.
    deps.log.error({ mailId: mail.id, template: mail.template, err: error }, 'A mail could not be made ready')
    return { ok: false, retry: true, reason: 'an exception, logged before' }
  }
}

async function park({ db, now, log }: SendOutboxDeps, { id, template, attempts }: ClaimedMail, reason: string) {
  await db.run((tx) => parkMail(tx, id, now()))
  log.error({ mailId: id, template, attempts, reason }, 'A mail was given up')
}

/** Being told to wait is nobody's fault: the try is not counted, and the rest of this run waits too. */
async function wait({ db, now, log }: SendOutboxDeps, mail: ClaimedMail, run: Run, seconds: number, reason: string) {
  run.resumeAt = Math.max(run.resumeAt, now() + Math.min(seconds * 1000, OUTBOX_LONGEST_WAIT))
  await db.run((tx) => returnMail(tx, mail.id, run.resumeAt))
  log.warn({ mailId: mail.id, template: mail.template, seconds, reason }, 'The mail provider asked us to wait')
}

async function retry({ db, now, log }: SendOutboxDeps, mail: ClaimedMail, delay: number, reason: string) {
  await db.run((tx) => postponeMail(tx, mail.id, now() + delay))
  const { id: mailId, template, attempts } = mail
  log.warn({ mailId, template, attempts, delay, reason }, 'A mail did not go; it is tried again')
}

async function sendOne(deps: SendOutboxDeps, mail: ClaimedMail, run: Run) {
  const letter = readLetter(deps, mail)
  if (!letter) return await park(deps, mail, 'it was sealed under a secret this process does not have')
  const delivery = await deliver(deps, mail, letter)
  if (delivery.ok) return await deps.db.run((tx) => markSent(tx, mail.id, deps.now()))
  if (!delivery.retry) return await park(deps, mail, delivery.reason)
  if (delivery.retryAfter !== undefined) return await wait(deps, mail, run, delivery.retryAfter, delivery.reason)
  const delay = OUTBOX_RETRIES[mail.attempts - 1]
  if (delay === undefined) return await park(deps, mail, delivery.reason)
  await retry(deps, mail, delay, delivery.reason)
}

/** Several at a time. Mails not begun when the run has to stop are handed back, to be claimed again. */
async function sendAll(deps: SendOutboxDeps, mails: ClaimedMail[], run: Run) {
  const queue = [...mails]
  const sender = async () => {
    for (let mail = queue.shift(); mail; mail = queue.shift()) {
      const { id, expiresAt } = mail
      const mustStop = run.stopping.aborted || run.resumeAt > 0 || expiresAt <= deps.now()
      if (mustStop) await deps.db.run((tx) => returnMail(tx, id, Math.max(run.resumeAt, deps.now())))
      else await sendOne(deps, mail, run)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: CONCURRENT }, sender))
  // The database failed: what was claimed comes back when its lease ends.
  const broken = ends.find((end) => end.status === 'rejected')
  if (broken) throw broken.reason
}

/** Resolves with how many that were. */
async function dropExpired({ db, settled, log }: SendOutboxDeps): Promise<number> {
  const began = performance.now()
  const dropped = await db.run((tx) => dropExpiredMail(tx, settled(), BATCH))
  // A decoy is addressed to nobody: dropping it is what it is there for.
  for (const { id: mailId, template, attempts } of dropped.filter(({ recipient }) => recipient !== ''))
    log.warn({ mailId, template, attempts }, 'A mail was dropped: it could not be sent while it was of use')
  if (dropped.length === BATCH) await restSince(began)
  return dropped.length
}

const bringForward = ({ db, now }: SendOutboxDeps): Promise<number> =>
  db.run((tx) => bringMailForward(tx, now(), now() + OUTBOX_LONGEST_WAIT, BATCH))

/** Claims what is due and sends it. Resolves with how many that were; none once the provider asked to wait. */
async function sendDue(deps: SendOutboxDeps, run: Run): Promise<number> {
  if (run.resumeAt > 0) return 0
  const now = deps.now()
  const mails = await deps.db.run((tx) => claimDueMail(tx, now, now + LEASE_MS, BATCH))
  await sendAll(deps, mails, run)
  return mails.length
}

/**
 * Sends what is due and gives up what has expired, a batch of each in turn: what was just queued never waits behind a
 * backlog. Failures of mail are logged and tried again; it throws for the database alone.
 */
export async function sendOutbox(deps: SendOutboxDeps, stopping: AbortSignal): Promise<void> {
  const run: Run = { stopping, resumeAt: 0 }
  for (let more = true; more && !stopping.aborted; ) {
    const worked = [await dropExpired(deps), await bringForward(deps), await sendDue(deps, run)]
    more = worked.includes(BATCH)
  }
}
