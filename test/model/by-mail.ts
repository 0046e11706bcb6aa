import { expect } from 'vitest'
import { maskEmail } from '#lib/auth/email'
import { previewChallenge } from '#lib/auth/preview-challenge'
import { rejectSignup } from '#lib/auth/reject-signup'
import { resetPassword } from '#lib/auth/reset-password'
import { verify } from '#lib/auth/verify'
import { type ActOf, PASSWORDS } from './acts.ts'
import { type Answer, isAnswered, type Purpose, pickAnswer, tokenOf } from './answer.ts'
import type { Hall, Mail } from './hall.ts'
import { pick } from './pick.ts'

// What is done with a mail. Every `expect` is a rule, and its message says it.

const isActive = (hall: Hall, email: string) => hall.accounts.get(email)?.disabled === false

export interface Verifying extends Answer {
  password: string | null
  confirm: boolean
  remember: boolean | null
}

export async function answerVerify(hall: Hall, act: Verifying): Promise<void> {
  const { mail, device, by, password, confirm, remember } = act
  const { challengeId, template } = mail.letter
  const here = hall.isFor(mail.letter, device)
  const about = hall.about.get(challengeId) ?? ''
  const signup = hall.signups.get(about)
  const permitted =
    template === 'verify'
      ? here || (signup !== undefined && signup.password === password)
      : template === 'sign-in' && isActive(hall, mail.to) && (here || (by === 'link' && confirm))
  const opens = permitted && (await isAnswered(hall, act))

  const typed = {
    ...tokenOf(hall, act),
    ...(password !== null && { password }),
    ...(confirm && { confirm }),
    ...(remember !== null && { remember }),
  }
  const result = await verify(hall.deps, typed, hall.caller(device))
  if (!result.ok) {
    expect(
      opens,
      `the right answer in time and in the right place opens, and was refused: ${result.failure.code}`,
    ).toBe(false)
    return
  }
  expect(by, 'a wrong code and the link of another mail never redeem').toMatch(/^(?:code|link)$/u)
  expect(template, 'a reset never signs anybody in').not.toBe('reset')
  expect(result.value.user.email, 'a mail opens the account of the address it went to').toBe(mail.to)
  const use = `${challengeId} ${here || template === 'verify' ? 'here' : by}`
  expect(hall.redeemed, 'nothing is redeemed twice').not.toContain(use)
  hall.redeemed.push(use)
  if (template === 'verify') {
    if (!here) expect(password, 'elsewhere a sign-up takes the password that was chosen').toBe(signup?.password)
    confirmed(hall, mail, result.value.user.id, about)
  } else if (!here) expect([by, confirm], 'elsewhere a sign-in takes the link and a yes').toEqual(['link', true])
  expect(opens, 'nothing but the right answer, in time and in the right place, opens').toBe(true)
  if (template === 'sign-in' && here) spendAll(hall, mail.to, 'a sign-in by mail', 'sign-in')
  hall.seen.add(`${template} by ${by} ${here ? 'here' : 'elsewhere'}`)
  const asked = template === 'sign-in' && here && hall.asked.get(challengeId)?.remember === true
  expect(result.value.remember, 'a session is kept when that was asked for').toBe(remember ?? asked)
  hall.hand(device, result.value, remember ?? asked)
}

const spendAll = (hall: Hall, email: string, why: string, purpose?: Purpose) =>
  hall.spend(({ to, letter }) => to === email && (purpose === undefined || letter.template === purpose), why)

function confirmed(hall: Hall, { to }: Mail, id: string, about: string) {
  expect(hall.accounts.has(to), 'an address is confirmed for one account, once').toBe(false)
  expect(id, 'a mail confirms the sign-up that it is about').toBe(about)
  const password = hall.signups.get(about)?.password ?? ''
  hall.accounts.set(to, { id, password, disabled: false })
  hall.endSignups((_, each) => each === about, 'its confirmation')
  hall.endSignups(({ email }) => email === to, 'the confirmation of another')
  spendAll(hall, to, 'a confirmation', 'verify')
}

/** Uses nothing up, and tells no more than the mail does. */
export async function preview(hall: Hall, act: ActOf<'preview'>): Promise<void> {
  const answer = pickAnswer(hall, act, ['verify', 'sign-in', 'reset'])
  if (!answer) return
  const { to, letter } = answer.mail
  const before = await hall.challenge(letter.challengeId)
  const unused = before?.consumedAt === null && before.linkUsedAt === null
  const tells = answer.by === 'link' && unused && hall.deps.now() < before.expiresAt
  const result = await previewChallenge(hall.deps, tokenOf(hall, answer), hall.caller(answer.device))
  expect(result.ok, 'a link that is still good tells what it is about, and nothing else does').toBe(tells)
  expect(await hall.challenge(letter.challengeId), 'a look at a link uses nothing up').toEqual(before)
  if (!result.ok) return
  hall.seen.add('preview')
  expect(result.value, 'a link tells what its mail is for, and the address masked').toMatchObject({
    purpose: letter.template,
    email: maskEmail(to),
    device: hall.isFor(letter, answer.device) ? 'this' : 'other',
  })
}

export async function reset(hall: Hall, act: ActOf<'reset'>): Promise<void> {
  const answer = pickAnswer(hall, act, ['reset'])
  if (!answer) return
  const { mail, device, by } = answer
  const here = hall.isFor(mail.letter, device)
  const { challengeId, template } = mail.letter
  const permitted = template === 'reset' && (here || by === 'link') && isActive(hall, mail.to)
  const opens = permitted && (await isAnswered(hall, answer))
  const password = pick(PASSWORDS, act.password)
  const result = await resetPassword(hall.deps, { ...tokenOf(hall, answer), password }, hall.caller(device))
  expect(result.ok, 'the link of a reset, or its code where it was asked for, resets, and nothing else does').toBe(
    opens,
  )
  const account = hall.accounts.get(mail.to)
  if (!result.ok || !account) return
  expect(hall.redeemed, 'nothing is redeemed twice').not.toContain(`reset ${challengeId}`)
  hall.redeemed.push(`reset ${challengeId}`)
  hall.seen.add(`reset by ${by} ${here ? 'here' : 'elsewhere'}`)
  account.password = password
  hall.end(({ signedIn }) => signedIn.user.email === mail.to, 'a reset')
  spendAll(hall, mail.to, 'a reset')
}

/** Resolves with the sign-up that is gone; null when the link did not open it. */
export async function reject(hall: Hall, act: ActOf<'reject'>): Promise<string | null> {
  const answer = pickAnswer(hall, act, ['verify'])
  if (!answer) return null
  const { mail, device, by } = answer
  const { challengeId, template } = mail.letter
  const permitted = template === 'verify' && (by === 'link' || hall.isFor(mail.letter, device))
  const opens = permitted && (await isAnswered(hall, answer))
  const result = await rejectSignup(hall.deps, tokenOf(hall, answer), hall.caller(device))
  expect(result.ok, 'the link of a sign-up, or its code in its own browser, disowns it, and nothing else does').toBe(
    opens,
  )
  if (!result.ok) return null
  const gone = hall.about.get(challengeId) ?? ''
  hall.endSignups((_, id) => id === gone, 'its rejection')
  hall.spend(({ letter }) => hall.about.get(letter.challengeId) === gone, 'a rejection')
  return gone
}
