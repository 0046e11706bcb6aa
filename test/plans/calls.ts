import type { Tx } from '#db/client'
import * as challenges from '#db/queries/challenges'
import * as devices from '#db/queries/devices'
import * as events from '#db/queries/events'
import * as expired from '#db/queries/expired'
import * as health from '#db/queries/health'
import * as limits from '#db/queries/limits'
import * as messages from '#db/queries/messages'
import * as outbox from '#db/queries/outbox'
import * as sessions from '#db/queries/sessions'
import * as users from '#db/queries/users'
import { NOON } from '../deps.ts'
import { insertChallenge, insertSession, insertUser } from '../mail/expiring-rows.ts'
import { queuedMail } from '../mail/queued-mail.ts'

const NOW = NOON
const ANN = 'ann@example.com'
const SLICE = { from: 0, until: NOW, count: 10 }
const MADE = { after: NOW, until: NOW + 300_000 }
const WINDOW = { key: 'key', max: 5, window: 60_000 }
const WAITS = { key: 'key', free: 5, waits: [1_000, 2_000], remembered: 60_000 }

/** One call of every query, with every branch of its WHERE. */
export const CALLS: Record<string, (tx: Tx) => Promise<unknown>> = {
  insertChallenge: (tx) => insertChallenge(tx, 'another', NOW),
  findChallenge: (tx) => challenges.findChallenge(tx, 'id'),
  countAttempt: (tx) => challenges.countAttempt(tx, 'id', ['verify', 'sign-in'], NOW, 5),
  giveAttemptBack: (tx) => challenges.giveAttemptBack(tx, 'id'),
  consumeChallenge: (tx) => challenges.consumeChallenge(tx, 'id', NOW),
  consumeLink: (tx) => challenges.consumeLink(tx, 'id', NOW),
  countLiveChallenges: (tx) => challenges.countLiveChallenges(tx, ANN, 'verify', MADE),
  deleteOldestOfDevice: (tx) => challenges.deleteOldestOfDevice(tx, ANN, 'verify', 'device', { after: -1, until: NOW }),
  findNewestChallenge: (tx) => challenges.findNewestChallenge(tx, 'ann', 'device', MADE),
  deleteChallenges: (tx) => challenges.deleteChallenges(tx, ANN),
  deleteOtherChallenges: async (tx) => {
    await challenges.deleteOtherChallenges(tx, ANN, 'id')
    await challenges.deleteOtherChallenges(tx, ANN, 'id', 'verify')
  },

  isKnownDevice: (tx) => devices.isKnownDevice(tx, ANN, 'device'),
  rememberDevice: (tx) => devices.rememberDevice(tx, { userId: 'ann', deviceHash: 'device', lastSignedInAt: NOW }),
  forgetOldestDevices: (tx) => devices.forgetOldestDevices(tx, 'ann', 'device', 100, NOW),

  insertEvent: (tx) =>
    events.insertEvent(tx, {
      ...{ id: 'id', type: 'signin', outcome: 'ok', ip: '192.0.2.1', deviceHash: '', userAgent: '', requestId: '' },
      at: NOW,
    }),
  countNewestEvents: (tx) => events.countNewestEvents(tx, { after: NOW - 600_000, atMost: 2_000 }),

  deleteExpiredChallenges: (tx) => expired.deleteExpiredChallenges(tx, SLICE),
  deleteExpiredSessions: (tx) => expired.deleteExpiredSessions(tx, SLICE),
  deletePendingSignups: (tx) => expired.deletePendingSignups(tx, SLICE),
  deleteEndedLimits: (tx) => expired.deleteEndedLimits(tx, SLICE),
  deleteFinishedMail: (tx) => expired.deleteFinishedMail(tx, SLICE),
  deleteUnusedDevices: (tx) => expired.deleteUnusedDevices(tx, SLICE),
  deleteOldEvents: (tx) => expired.deleteOldEvents(tx, SLICE),
  deleteOldMessages: (tx) => expired.deleteOldMessages(tx, SLICE),

  readAnything: (tx) => health.readAnything(tx),

  takeFromWindow: (tx) => limits.takeFromWindow(tx, WINDOW, NOW),
  takeWithWaits: (tx) => limits.takeWithWaits(tx, WAITS, NOW),
  readLimit: (tx) => limits.readLimit(tx, 'key'),
  lowerLimit: (tx) => limits.lowerLimit(tx, 'key'),
  forgetLimit: (tx) => limits.forgetLimit(tx, 'key'),
  lockAddress: (tx) => limits.lockAddress(tx, ANN, NOW),

  insertMessage: (tx) =>
    messages.insertMessage(tx, { id: 'id', recipient: ANN, subject: '', html: '', text: '', createdAt: NOW }),
  selectMessages: async (tx) => {
    await messages.selectMessages(tx)
    await messages.selectMessages(tx, ANN)
  },
  selectMessage: (tx) => messages.selectMessage(tx, 'id'),
  deleteAllMessages: (tx) => messages.deleteAllMessages(tx),
  deleteOldestMessages: (tx) => messages.deleteOldestMessages(tx, 500),

  insertMail: (tx) => outbox.insertMail(tx, queuedMail('id')),
  claimDueMail: (tx) => outbox.claimDueMail(tx, NOW, NOW + 60_000, 20),
  bringMailForward: (tx) => outbox.bringMailForward(tx, NOW, NOW + 3_600_000, 20),
  markSent: (tx) => outbox.markSent(tx, 'id', NOW),
  parkMail: (tx) => outbox.parkMail(tx, 'id', NOW),
  postponeMail: (tx) => outbox.postponeMail(tx, 'id', NOW),
  returnMail: (tx) => outbox.returnMail(tx, 'id', NOW),
  dropExpiredMail: (tx) => outbox.dropExpiredMail(tx, NOW, 20),

  insertSession: (tx) => insertSession(tx, 'four', 'ann', NOW),
  findSession: (tx) => sessions.findSession(tx, 'hash', NOW),
  listSessionsOfUser: (tx) => sessions.listSessionsOfUser(tx, 'ann', NOW),
  touchSession: (tx) => sessions.touchSession(tx, 'id', NOW, NOW, NOW),
  deleteSession: (tx) => sessions.deleteSession(tx, 'hash'),
  deleteSessionsOfUser: (tx) => sessions.deleteSessionsOfUser(tx, 'ann'),
  deleteSessionsAmong: (tx) => sessions.deleteSessionsAmong(tx, 'ann', ['one', 'two'], 'three', NOW),
  deleteOldestSessions: (tx) => sessions.deleteOldestSessions(tx, 'ann', 1, NOW),

  insertUser: (tx) => insertUser(tx, 'ben'),
  findVerifiedUser: (tx) => users.findVerifiedUser(tx, ANN),
  findPendingUser: (tx) => users.findPendingUser(tx, ANN, 'device'),
  findUser: (tx) => users.findUser(tx, 'ann'),
  listPendingUsers: (tx) => users.listPendingUsers(tx, ANN),
  deletePendingUsers: (tx) => users.deletePendingUsers(tx, ['ann', 'ben']),
  deleteRivals: (tx) => users.deleteRivals(tx, ANN, 'ann'),
  markVerified: (tx) => users.markVerified(tx, 'pending', NOW),
  confirmPassword: (tx) => users.confirmPassword(tx, 'ann', 'hash', 'hash'),
  replacePassword: (tx) => users.replacePassword(tx, 'ann', 'hash'),
  holdOwnerOfSession: (tx) => users.holdOwnerOfSession(tx, 'hash'),
  holdActiveUser: (tx) => users.holdActiveUser(tx, 'ann'),
}

/** What may be read from end to end: for one row of it, the rows that an index has picked, or the embedded mailbox, which never holds more than 500. */
export const READS_ALL: Record<string, string> = {
  readAnything: 'limits',
  countNewestEvents: 'newest',
  selectMessages: 'messages',
  deleteAllMessages: 'messages',
  deleteOldestMessages: 'messages',
}
