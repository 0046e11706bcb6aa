import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { challenges, outbox, users } from '#db/schema/tables'
import { browser, NOON, type TestDeps, testDeps } from '../../test/deps.ts'
import { byCode, byLink, codeOf, must, newestLetter, PASSWORD, signedUp, verified } from '../../test/journey.ts'
import type { IssuedChallenge } from './issue-challenge.ts'
import type { Letter } from './letters.ts'
import { previewChallenge } from './preview-challenge.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { requestSignin } from './request-signin.ts'
import { requestVerification } from './request-verification.ts'
import { resetPassword } from './reset-password.ts'
import { signup } from './signup.ts'
import { hashToken } from './token.ts'
import { verify } from './verify.ts'

// What a challenge leaves behind, to the last field: the answer, the row, the mail.

const nudge = vi.fn()
let deps: TestDeps
beforeEach(async () => {
  nudge.mockClear()
  const made = await testDeps()
  deps = { ...made, outbox: { ...made.outbox, nudge } }
})
afterEach(() => deps.db.close())

const laptop = browser('laptop', '192.0.2.1')
const phone = { ...browser('phone', '192.0.2.2'), askedFrom: { browser: 'Safari', system: 'iOS' } }
const email = 'ann@example.com'
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]

const rowOf = async ({ challengeId }: IssuedChallenge) =>
  (await deps.db.run((tx) => tx.select().from(challenges).where(eq(challenges.id, challengeId))))[0]
const owner = async () => (await deps.db.run((tx) => tx.select().from(users)))[0]
/** When the mail queued last is of no use any more, and to whom it goes. */
async function queuedLast() {
  const mails = await deps.db.run((tx) => tx.select().from(outbox))
  return mails.map(({ recipient, expiresAt }) => ({ recipient, expiresAt })).at(-1)
}

const asks = {
  verify: (caller = laptop) => signup(deps, { email: 'Ann@Example.com', password: PASSWORD }, caller),
  'sign-in': (caller = laptop) => requestSignin(deps, { email: 'Ann@Example.com' }, caller),
  reset: (caller = laptop) => requestPasswordReset(deps, { email: 'Ann@Example.com' }, caller),
}

describe.each([
  ['verify', DAY],
  ['sign-in', 10 * MINUTE],
  ['reset', 30 * MINUTE],
] as const)('a challenge to %s', (purpose, linkLifetime) => {
  beforeEach(async () => {
    if (purpose !== 'verify') await verified(deps, laptop)
    nudge.mockClear()
  })

  it('is answered with what its screen needs', async () => {
    const issued = must(await asks[purpose]())
    expect(issued).toEqual({
      challengeId: newestLetter(deps).challengeId,
      purpose,
      email: 'Ann@Example.com',
      sentAt: NOON,
      expiresAt: NOON + 10 * MINUTE,
      resendAt: NOON + MINUTE,
    })
    expect(nudge).toHaveBeenCalledOnce()
  })

  it('is a row of hashes', async () => {
    const row = await rowOf(must(await asks[purpose](phone)))
    const { challengeId, linkToken } = newestLetter(deps)
    expect(row).toEqual({
      id: challengeId,
      purpose,
      emailKey: email,
      userId: (await owner())?.id,
      codeHash: expect.stringMatching(/^[\w-]{43}$/u),
      tokenHash: hashToken(linkToken),
      deviceHash: phone.deviceHash,
      attempts: 0,
      remember: 0,
      linkUsedAt: null,
      consumedAt: null,
      expiresAt: NOON + linkLifetime,
      createdAt: NOON,
      browser: 'Safari',
      system: 'iOS',
    })
  })

  it('is a mail with both secrets, of use as long as the link', async () => {
    must(await asks[purpose](phone))
    const letter = deps.mails.at(-1)?.letter
    expect(letter).toEqual({
      template: purpose,
      challengeId: expect.stringMatching(/^[\w-]{22}$/u),
      code: expect.stringMatching(purpose === 'reset' ? /^\d{8}$/u : /^\d{6}$/u),
      linkToken: expect.stringMatching(/^[\w-]{43}$/u),
      askedFrom: { browser: 'Safari', system: 'iOS' },
      askedAt: NOON,
      codeExpiresAt: NOON + 10 * MINUTE,
      linkExpiresAt: NOON + linkLifetime,
    })
    expect(deps.mails.at(-1)?.expiresAt).toBe(NOON + linkLifetime)
  })
})

describe('a decoy', () => {
  it('is answered by nobody, not even with its own secrets', async () => {
    const { enqueue } = deps.outbox
    let queued: Letter | undefined
    deps.outbox.enqueue = async (tx, mail) => {
      queued = mail.letter
      await enqueue(tx, mail)
    }
    must(await asks['sign-in']())
    if (!queued || !('code' in queued)) throw new Error('A decoy has secrets as well.')
    for (const answer of [byCode(queued), byLink(queued)])
      expect(codeOf(await verify(deps, answer, laptop))).toBe('challenge_invalid')
    expect(codeOf(await previewChallenge(deps, byLink(queued), laptop))).toBe('challenge_invalid')
  })

  it('is a row that nobody answers and a mail that is born expired and addressed to nobody', async () => {
    const issued = must(await asks.reset())
    expect((await rowOf(issued))?.userId).toBeNull()
    expect(await queuedLast()).toEqual({ recipient: '', expiresAt: 0 })
  })

  it('is made for a newcomer where the address is taken, with news for its owner that keep for a day', async () => {
    await verified(deps, laptop)
    const issued = must(await asks.verify(phone))
    expect((await rowOf(issued))?.userId).toBeNull()
    expect(deps.mails.at(-1)).toEqual({
      to: email,
      letter: { template: 'address-taken', askedFrom: { browser: 'Safari', system: 'iOS' }, askedAt: NOON },
      expiresAt: NOON + DAY,
    })
  })

  it('brings a disabled owner no news', async () => {
    await verified(deps, laptop)
    await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
    const mails = deps.mails.length
    must(await asks.verify(phone))
    expect(deps.mails).toHaveLength(mails)
    expect(await queuedLast()).toEqual({ recipient: '', expiresAt: 0 })
  })
})

it('a sign-in by mail keeps what was asked about staying signed in', async () => {
  await verified(deps, laptop)
  const issued = must(await requestSignin(deps, { email, remember: true }, laptop))
  expect((await rowOf(issued))?.remember).toBe(1)
})

it('a new mail for a sign-up is for the browser that chose the password', async () => {
  await signedUp(deps, laptop)
  deps.clock.advance(MINUTE)
  nudge.mockClear()
  const row = await rowOf(must(await requestVerification(deps, { email }, phone)))
  expect(row).toMatchObject({ deviceHash: laptop.deviceHash, browser: 'Safari', userId: (await owner())?.id })
  expect(nudge).toHaveBeenCalledOnce()
})

it('a full address makes decoys for others, and for its own browser gives up the oldest', async () => {
  await verified(deps, laptop)
  const issued = [must(await asks['sign-in']())]
  for (let more = 0; more < 2; more += 1) {
    deps.clock.advance(MINUTE)
    issued.push(must(await asks['sign-in']()))
  }
  deps.clock.advance(MINUTE)
  expect((await rowOf(must(await asks['sign-in'](phone))))?.userId).toBeNull()
  // The decoy counts too, so that nobody can tell it from a challenge: four are live now, one too many even less its oldest.
  deps.clock.advance(MINUTE)
  expect((await rowOf(must(await asks['sign-in']())))?.userId).toBeNull()
  expect(await Promise.all(issued.map(async (each) => (await rowOf(each)) !== undefined))).toEqual([false, true, true])
})

it('a full address still has a code for its own browser, in the place of the oldest', async () => {
  await verified(deps, laptop)
  const issued = []
  for (let mail = 0; mail < 4; mail += 1) {
    deps.clock.advance(MINUTE)
    issued.push(must(await asks['sign-in']()))
  }
  const owners = await Promise.all(issued.map(async (each) => (await rowOf(each))?.userId))
  const ann = (await owner())?.id
  expect(owners).toEqual([undefined, ann, ann, ann])
})

it('a preview tells what the link is about, and no more', async () => {
  const { code, ...letter } = await signedUp(deps, phone)
  expect(must(await previewChallenge(deps, byLink({ code, ...letter }), laptop))).toEqual({
    purpose: 'verify',
    email: 'a***@example.com',
    device: 'other',
    askedAt: NOON,
    askedFrom: { browser: 'Safari', system: 'iOS' },
  })
})

it('a password that was changed is news for its owner, for a day', async () => {
  await verified(deps, laptop)
  must(await asks.reset())
  const given = { ...byCode(newestLetter(deps)), password: 'an entirely new one' }
  nudge.mockClear()
  deps.clock.advance(MINUTE)
  must(await resetPassword(deps, given, { ...laptop, askedFrom: { browser: 'Chrome', system: 'Windows' } }))
  expect(deps.mails.at(-1)).toEqual({
    to: email,
    letter: {
      template: 'password-changed',
      askedFrom: { browser: 'Chrome', system: 'Windows' },
      askedAt: NOON + MINUTE,
    },
    expiresAt: NOON + MINUTE + DAY,
  })
  expect(nudge).toHaveBeenCalledOnce()
})

it.each([HOUR, 25 * HOUR])('a link is previewed while it is good, not after (%i ms)', async (later) => {
  const letter = await signedUp(deps, laptop)
  deps.clock.advance(later)
  expect((await previewChallenge(deps, byLink(letter), laptop)).ok).toBe(later < DAY)
})
