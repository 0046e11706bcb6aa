import { type Act, type ActOf, ADDRESSES, DEVICES, PASSWORDS } from './acts.ts'
import { pickAnswer } from './answer.ts'
import { change, crowd, request, rightPassword, signIn, signOut, signUp } from './at-the-door.ts'
import { answerVerify, preview, reject, reset } from './by-mail.ts'
import { endChosen } from './end-chosen.ts'
import type { Hall } from './hall.ts'
import { disable, sweep, visit } from './passing.ts'
import { pick } from './pick.ts'

async function signInBy(hall: Hall, act: ActOf<'signin'>): Promise<void> {
  const [device, email] = [pick(DEVICES, act.device), pick(ADDRESSES, act.address)]
  const right = rightPassword(hall, email, device) ?? pick(PASSWORDS, 0)
  const password = act.password === 'right' ? right : pick(PASSWORDS, act.password)
  await signIn(hall, { device, email, password, remember: act.remember })
}

async function verifyBy(hall: Hall, act: ActOf<'verify'>): Promise<void> {
  const answer = pickAnswer(hall, act, ['verify', 'sign-in'])
  if (!answer) return
  const chosen = hall.signups.get(hall.about.get(answer.mail.letter.challengeId) ?? '')?.password ?? null
  const typed = typeof act.password === 'number' ? pick(PASSWORDS, act.password) : act.password
  const password = typed === 'right' ? chosen : typed
  await answerVerify(hall, { ...answer, password, confirm: act.confirm, remember: act.remember })
}

/** After a sign-up was disowned, whoever made it tries everything that it gave them. */
async function rejectAndTryAgain(hall: Hall, act: ActOf<'reject'>): Promise<void> {
  const gone = await reject(hall, act)
  const signup = hall.signups.get(gone ?? '')
  if (!signup) return
  const { device, email, password } = signup
  for (const mail of hall.letters().filter(({ letter }) => hall.about.get(letter.challengeId) === gone))
    for (const by of ['code', 'link'] as const)
      await answerVerify(hall, { mail, device, by, password, confirm: true, remember: null })
  await signIn(hall, { device, email, password, remember: false })
}

/** Calls the real verb and holds its outcome against the rules. */
export async function perform(hall: Hall, act: Act): Promise<void> {
  // Nobody is as quick as this test: what follows comes a second later.
  hall.deps.clock.advance(1000)
  switch (act.do) {
    case 'signup':
      return signUp(hall, act)
    case 'signin':
      return signInBy(hall, act)
    case 'crowd':
      return crowd(hall, act)
    case 'request':
      return request(hall, act)
    case 'verify':
      return verifyBy(hall, act)
    case 'preview':
      return preview(hall, act)
    case 'reset':
      return reset(hall, act)
    case 'reject':
      return rejectAndTryAgain(hall, act)
    case 'change':
      return change(hall, act)
    case 'endSessions':
      return endChosen(hall, act)
    case 'visit':
      return visit(hall, act)
    case 'signout':
      return signOut(hall, act)
    case 'disable':
      return disable(hall, act)
    case 'sweep':
      return sweep(hall)
    case 'wait':
      return hall.deps.clock.advance(act.minutes * 60_000)
  }
}
