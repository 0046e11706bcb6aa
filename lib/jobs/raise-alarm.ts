import type { Db } from '#db/client'
import { countNewestEvents } from '#db/queries/events'
import { takeFromWindow } from '#db/queries/limits'
import type { Random } from '../auth/deps.ts'
import { ALARM_EVENTS_AT_MOST, ALARM_EVERY, ALARM_FAILURES, ALARM_TIMES_RIGHT } from '../auth/policy.ts'
import { type AuthEvent, record } from '../auth/record.ts'
import type { JobLog } from './job-log.ts'

export interface RaiseAlarmDeps {
  db: Db
  now: () => number
  random: Random
  log: JobLog
}

const WRONG_PASSWORDS = [
  'signin invalid_credentials',
  'signin disabled',
  'password_change wrong_password',
  'signout_chosen wrong_password',
]
const RIGHT_PASSWORDS = ['signin ok', 'signin email_unverified', 'password_change ok', 'signout_chosen ok']

/** What is guessed at, and which events say that somebody was wrong or right. The others say neither. */
const KINDS = {
  password: {
    wrong: ({ type, outcome }: AuthEvent) => WRONG_PASSWORDS.includes(`${type} ${outcome}`),
    right: ({ type, outcome }: AuthEvent) => RIGHT_PASSWORDS.includes(`${type} ${outcome}`),
  },
  challenge: {
    wrong: ({ type }: AuthEvent) => type === 'challenge_failed',
    right: ({ type }: AuthEvent) => ['email_verified', 'signin_by_mail', 'password_reset'].includes(type),
  },
} as const

const NOBODY = { ip: '', deviceHash: '', userAgent: '', requestId: '' }

/**
 * Looks at the whole site for what no budget of an address or an origin can see: one guess each at very many accounts. Leaves
 * an event and an error in the log, once an hour for each kind however many processes look. It refuses nobody.
 */
export async function raiseAlarm({ db, now, random, log }: RaiseAlarmDeps): Promise<void> {
  const slice = { after: now() - ALARM_FAILURES.window, atMost: ALARM_EVENTS_AT_MOST }
  const counted = await db.read((tx) => countNewestEvents(tx, slice))
  const sum = (matches: (event: AuthEvent) => boolean) =>
    counted.filter((event) => matches(event as AuthEvent)).reduce((total, { count }) => total + count, 0)

  for (const kind of ['password', 'challenge'] as const) {
    const [wrong, right] = [sum(KINDS[kind].wrong), sum(KINDS[kind].right)]
    if (wrong < ALARM_FAILURES.max || wrong <= ALARM_TIMES_RIGHT * right) continue
    const raised = await db.transaction(async (tx) => {
      const take = await takeFromWindow(tx, { key: `alarm:${kind}`, ...ALARM_EVERY }, now())
      if (take !== 'taken') return false
      await record({ random, now }, tx, NOBODY, { type: 'alarm', outcome: kind })
      return true
    })
    if (raised) log.error({ kind, wrong, right }, 'Very many are refused: somebody is guessing')
  }
}
