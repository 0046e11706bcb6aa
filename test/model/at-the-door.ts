import { expect } from 'vitest'
import { isTypable } from '#lib/auth/challenge'
import { changePassword } from '#lib/auth/change-password'
import { requestPasswordReset } from '#lib/auth/request-password-reset'
import { requestSignin } from '#lib/auth/request-signin'
import { requestVerification } from '#lib/auth/request-verification'
import { signin } from '#lib/auth/signin'
import { signout } from '#lib/auth/signout'
import { signup } from '#lib/auth/signup'
import { type ActOf, ADDRESSES, DEVICES, PASSWORDS } from './acts.ts'
import type { Hall, Mail } from './hall.ts'
import { pick } from './pick.ts'
import { allRows } from './rows.ts'

// What is done without a mail. Every `expect` is a rule, and its message says it.

/** Notes whom the mails since `before` are about. */
async function noteMails(hall: Hall, before: number): Promise<Mail[]> {
  const sent = hall.letters().slice(before)
  for (const { letter } of sent)
    hall.about.set(letter.challengeId, (await hall.challenge(letter.challengeId))?.userId ?? '')
  return sent
}

export async function signUp(hall: Hall, act: ActOf<'signup'>): Promise<void> {
  const { deps } = hall
  const device = pick(DEVICES, act.device)
  const account = { email: pick(ADDRESSES, act.address), password: pick(PASSWORDS, act.password) }
  const { email } = account
  const before = hall.letters().length
  const result = await signup(deps, account, hall.caller(device))
  const sent = await noteMails(hall, before)
  expect(
    sent.every(({ to }) => to === email),
    'mail goes to the address that was typed, nowhere else',
  ).toBe(true)
  if (hall.accounts.has(email)) expect(sent, 'no code to an address that is taken').toEqual([])
  if (result.ok) hall.asked.set(result.value.challengeId, { device, remember: false })

  const ids = new Set((await allRows(hall)).users.map(({ id }) => id))
  for (const [id, { createdAt, device: other }] of hall.signups) {
    if (hall.signups.get(id)?.endedBy !== null || ids.has(id)) continue
    const isOthers = other !== device && isTypable(createdAt, deps.now())
    expect(isOthers, 'no sign-up takes the place of one whose code another browser can still type').toBe(false)
    hall.endSignups((_, each) => each === id, 'one more at a full address')
  }
  const added = [...ids].filter((id) => !hall.signups.has(id))
  expect(added.length, 'a sign-up makes one account, or none').toBeLessThanOrEqual(1)
  for (const id of added) hall.signups.set(id, { ...account, device, createdAt: deps.now(), endedBy: null })
}

interface Credentials {
  device: string
  email: string
  password: string
  remember: boolean
}

/** The password that this browser needs at that address: the account's, else that of its own sign-up or the newest. */
export function rightPassword(hall: Hall, email: string, device: string): string | undefined {
  const waiting = [...hall.signups.values()].filter((each) => each.email === email && each.endedBy === null)
  const own = waiting.findLast((each) => each.device === device)
  return hall.accounts.get(email)?.password ?? (own ?? waiting.at(-1))?.password
}

export async function signIn(hall: Hall, { device, ...typed }: Credentials): Promise<boolean> {
  const { email, password, remember } = typed
  const account = hall.accounts.get(email)
  const isRight = rightPassword(hall, email, device) === password
  const before = hall.letters().length
  const result = await signin(hall.deps, typed, hall.caller(device))
  const opens = isRight && account?.disabled === false
  expect(result.ok, 'the password of whoever proved the mailbox signs in, and nothing else does').toBe(opens)
  if (result.ok) {
    expect(result.value.remember, 'a session is kept when that was asked for').toBe(remember)
    hall.seen.add('sign-in by password')
    hall.hand(device, result.value, remember)
    return true
  }
  const { failure } = result
  const waits = isRight && !account
  expect(failure.code, 'only the right password learns that its sign-up still waits').toBe(
    waits ? 'email_unverified' : 'invalid_credentials',
  )
  const sent = await noteMails(hall, before)
  // Whoever shows the password of a sign-up is trusted with the challenge that comes of it.
  if (failure.code === 'email_unverified' && failure.challenge) hall.shownBy.set(failure.challenge.challengeId, device)
  else expect(sent, 'a wrong password sends no mail').toEqual([])
  if (account?.disabled && isRight) hall.seen.add('sign-in refused to a disabled account')
  return false
}

/** Private windows: each signs in as a browser that has never been here, a second after the one before. */
export async function crowd(hall: Hall, act: ActOf<'crowd'>): Promise<void> {
  const email = pick(ADDRESSES, act.address)
  const account = hall.accounts.get(email)
  if (!account || account.disabled) return
  for (let count = 0; count < act.windows; count += 1) {
    hall.deps.clock.advance(1000)
    const device = `window ${hall.handed.length}`
    await signIn(hall, { device, email, password: account.password, remember: count % 2 === 0 })
  }
}

const requests = { requestVerification, requestSignin, requestPasswordReset }

export async function request(hall: Hall, act: ActOf<'request'>): Promise<void> {
  const [device, email] = [pick(DEVICES, act.device), pick(ADDRESSES, act.address)]
  const remember = act.what === 'requestSignin' && act.remember
  const before = hall.letters().length
  const typed = { email, ...(act.what === 'requestSignin' && { remember }) }
  const result = await requests[act.what](hall.deps, typed, hall.caller(device))
  if (result.ok) hall.asked.set(result.value.challengeId, { device, remember })
  const sent = await noteMails(hall, before)
  expect(
    sent.every(({ to }) => to === email),
    'mail goes to the address that was typed, nowhere else',
  ).toBe(true)
  const account = hall.accounts.get(email)
  if (act.what === 'requestVerification') {
    if (account) expect(sent, 'no confirmation mail to a confirmed address').toEqual([])
  } else if (!account) expect(sent, 'no mail to an address without an account').toEqual([])
  else if (account.disabled) expect(sent, 'no mail to a disabled account').toEqual([])
}

export async function change(hall: Hall, act: ActOf<'change'>): Promise<void> {
  const device = pick(DEVICES, act.device)
  const held = hall.heldBy(device)
  const account = hall.accounts.get(held?.signedIn.user.email ?? '')
  const currentPassword = act.current === 'right' ? (account?.password ?? '') : pick(PASSWORDS, act.current)
  const password = pick(PASSWORDS, act.password)
  const isLive = held !== undefined && hall.whyDead(held) === null
  if (isLive) hall.touch(held)
  const result = await changePassword(hall.deps, { currentPassword, password }, hall.caller(device))
  const opens = isLive && account?.password === currentPassword
  expect(result.ok, 'a live session and the password before change it, and nothing else does').toBe(opens)
  if (!result.ok || !account || !held) return
  const { email } = held.signedIn.user
  expect(result.value.user.email, 'a session changes the password of its own account').toBe(email)
  expect(result.value.remember, 'a change of the password keeps what was asked for').toBe(held.remember)
  hall.seen.add('change of the password')
  account.password = password
  hall.end(({ signedIn }) => signedIn.user.email === email, 'a change of the password')
  hall.spend(({ to }) => to === email, 'a change of the password')
  hall.hand(device, result.value, held.remember)
}

export async function signOut(hall: Hall, act: ActOf<'signout'>): Promise<void> {
  const device = pick(DEVICES, act.device)
  const held = hall.heldBy(device)
  await signout(hall.deps, { everywhere: act.everywhere }, hall.caller(device))
  if (!held || held.endedBy !== null) return
  hall.end((each) => each === held, 'a sign-out')
  if (!act.everywhere || hall.deps.now() >= held.endsAt) return
  hall.end(({ signedIn }) => signedIn.user.email === held.signedIn.user.email, 'a sign-out everywhere')
}
