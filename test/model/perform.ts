import { expect } from 'vitest'
import type { ChallengeLetter } from '#lib/auth/letters'
import { type Act, ADDRESSES, DEVICES, type Hall, PASSWORDS, verbs } from './hall.ts'

// Each act calls the real verb, then holds its outcome against the rules. Every `expect` is a rule, and its message says it.

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T

function tokenOf(letter: ChallengeLetter, by: 'code' | 'link' | 'wrong') {
  const wrong = letter.code.replace(/^\d/u, (digit) => String((Number(digit) + 1) % 10))
  return { challengeId: letter.challengeId, token: { code: letter.code, link: letter.linkToken, wrong }[by] }
}

/** The mails that carry a challenge, one picked; null while there is none. */
function pickMail(hall: Hall, index: number) {
  const letters = hall.letters()
  return letters.length === 0 ? null : pick(letters, index)
}

async function signUp(hall: Hall, act: Act & { do: 'signup' }) {
  const [device, email, password] = [
    pick(DEVICES, act.device),
    pick(ADDRESSES, act.address),
    pick(PASSWORDS, act.password),
  ]
  const before = hall.letters().length
  const result = await verbs.signup(hall.deps, { email, password }, hall.caller(device))
  for (const { to, letter } of hall.letters().slice(before)) {
    expect(to, 'mail goes to the address that was typed, nowhere else').toBe(email)
    hall.chosen.set(await hall.userOf(letter.challengeId), { password, device })
  }
  if (result.ok) hall.askedBy.set(result.value.challengeId, device)
}

async function signIn(hall: Hall, act: Act & { do: 'signin' }) {
  const [device, email, password] = [
    pick(DEVICES, act.device),
    pick(ADDRESSES, act.address),
    pick(PASSWORDS, act.password),
  ]
  const result = await verbs.signin(hall.deps, { email, password }, hall.caller(device))
  const right = hall.passwords.get(email) === password
  if (result.ok) {
    expect(right, 'only the password of whoever proved the mailbox signs in').toBe(true)
    hall.hand(device, result.value)
    return
  }
  const { failure } = result
  // Whoever shows the password of a sign-up is trusted with the challenge that comes of it.
  if (failure.code === 'email_unverified' && failure.challenge)
    hall.shown.add(`${failure.challenge.challengeId} ${device}`)
  if (hall.passwords.has(email)) {
    expect(right, `the right password signs in, and was refused: ${failure.code}`).toBe(false)
  }
}

async function request(hall: Hall, act: Act & { do: 'request' }) {
  const [device, email] = [pick(DEVICES, act.device), pick(ADDRESSES, act.address)]
  const before = hall.letters().length
  const result = await verbs[act.what](hall.deps, { email }, hall.caller(device))
  const sent = hall.letters().slice(before)
  expect(
    sent.every(({ to }) => to === email),
    'mail goes to the address that was typed, nowhere else',
  ).toBe(true)
  const verified = hall.passwords.has(email)
  if (act.what !== 'requestVerification' && !verified)
    expect(sent, 'no mail to an address without an account').toEqual([])
  if (act.what === 'requestVerification' && verified)
    expect(sent, 'no confirmation mail to a confirmed address').toEqual([])
  if (result.ok) hall.askedBy.set(result.value.challengeId, device)
}

async function verify(hall: Hall, act: Act & { do: 'verify' }) {
  const mail = pickMail(hall, act.mail)
  if (!mail) return
  const device = pick(DEVICES, act.device)
  const password = act.password === null ? undefined : pick(PASSWORDS, act.password)
  const extra = { ...(password !== undefined && { password }), ...(act.confirm && { confirm: true }) }
  const result = await verbs.verify(hall.deps, { ...tokenOf(mail.letter, act.by), ...extra }, hall.caller(device))
  if (!result.ok) return
  const { challengeId, template } = mail.letter
  const here =
    template === 'verify'
      ? hall.chose(result.value.user.id, challengeId, device)
      : hall.askedBy.get(challengeId) === device
  expect(act.by, 'a wrong code never redeems').not.toBe('wrong')
  expect(template, 'a reset never signs anybody in').not.toBe('reset')
  expect(result.value.user.email, 'a mail opens the account of the address it went to').toBe(mail.to)
  const use = `${challengeId} ${here ? 'here' : act.by}`
  expect(hall.redeemed, 'nothing is redeemed twice').not.toContain(use)
  hall.redeemed.push(use)
  if (template === 'verify') {
    if (!here) expect(password, 'elsewhere a sign-up takes a password').toBeDefined()
    verified(hall, mail.to, result.value.user.id, here ? undefined : password)
  } else if (!here)
    expect([act.by, act.confirm], 'elsewhere a sign-in takes the link and a yes').toEqual(['link', true])
  hall.hand(device, result.value)
}

/** `shown` is the password that a browser other than the asking one had to show. */
function verified(hall: Hall, email: string, userId: string, shown: string | undefined) {
  expect(hall.passwords.has(email), 'an address is confirmed for one account, once').toBe(false)
  const chosen = hall.chosen.get(userId)?.password
  if (chosen === undefined) throw new Error('The account was made by no sign-up.')
  if (shown !== undefined) expect(shown, 'elsewhere a sign-up takes the password that was chosen').toBe(chosen)
  hall.passwords.set(email, chosen)
}

async function reset(hall: Hall, act: Act & { do: 'reset' }) {
  const mail = pickMail(hall, act.mail)
  if (!mail) return
  const [device, password] = [pick(DEVICES, act.device), pick(PASSWORDS, act.password)]
  const result = await verbs.resetPassword(
    hall.deps,
    { ...tokenOf(mail.letter, act.by), password },
    hall.caller(device),
  )
  if (!result.ok) return
  const { challengeId, template } = mail.letter
  expect(template, 'only a reset resets').toBe('reset')
  expect(act.by, 'a wrong code never redeems').not.toBe('wrong')
  if (act.by === 'code') expect(hall.askedBy.get(challengeId), 'a reset code works where it was asked for').toBe(device)
  expect(hall.redeemed, 'nothing is redeemed twice').not.toContain(`reset ${challengeId}`)
  hall.redeemed.push(`reset ${challengeId}`)
  hall.passwords.set(mail.to, password)
  hall.end(({ signedIn }) => signedIn.user.email === mail.to, 'a reset')
}

async function change(hall: Hall, act: Act & { do: 'change' }) {
  const [device, currentPassword, password] = [
    pick(DEVICES, act.device),
    pick(PASSWORDS, act.current),
    pick(PASSWORDS, act.password),
  ]
  const caller = hall.caller(device)
  const held = hall.handed.findLast((each) => each.device === device)
  const alive = held ? await hall.isAlive(held) : false
  const email = held?.signedIn.user.email ?? ''
  const result = await verbs.changePassword(hall.deps, { currentPassword, password }, caller)
  const right = alive && hall.passwords.get(email) === currentPassword
  expect(result.ok, 'a live session and the password before change it, and nothing else does').toBe(right)
  if (!result.ok) return
  expect(result.value.user.email, 'a session changes the password of its own account').toBe(email)
  hall.passwords.set(email, password)
  hall.end(({ signedIn }) => signedIn.user.email === email, 'a change of the password')
  hall.hand(device, result.value)
}

async function reject(hall: Hall, act: Act & { do: 'reject' }) {
  const mail = pickMail(hall, act.mail)
  if (!mail) return
  const result = await verbs.rejectSignup(
    hall.deps,
    tokenOf(mail.letter, 'link'),
    hall.caller(pick(DEVICES, act.device)),
  )
  if (result.ok) expect(mail.letter.template, 'only a sign-up can be disowned').toBe('verify')
}

async function signOut(hall: Hall, act: Act & { do: 'signout' }) {
  const device = pick(DEVICES, act.device)
  const caller = hall.caller(device)
  const held = hall.handed.findLast((each) => each.device === device)
  const alive = held ? await hall.isAlive(held) : false
  await verbs.signout(hall.deps, { everywhere: act.everywhere }, caller)
  hall.end(({ signedIn }) => signedIn.token === caller.sessionToken, 'a sign-out')
  const { email } = held?.signedIn.user ?? {}
  if (act.everywhere && alive) hall.end(({ signedIn }) => signedIn.user.email === email, 'a sign-out everywhere')
}

export async function perform(hall: Hall, act: Act): Promise<void> {
  switch (act.do) {
    case 'signup':
      return signUp(hall, act)
    case 'signin':
      return signIn(hall, act)
    case 'request':
      return request(hall, act)
    case 'verify':
      return verify(hall, act)
    case 'reset':
      return reset(hall, act)
    case 'change':
      return change(hall, act)
    case 'reject':
      return reject(hall, act)
    case 'signout':
      return signOut(hall, act)
    case 'wait':
      return hall.deps.clock.advance(act.minutes * 60_000)
  }
}
