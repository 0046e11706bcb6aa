import { expect } from 'vitest'
import { endSessions } from '#lib/auth/end-sessions'
import { type ActOf, DEVICES, PASSWORDS } from './acts.ts'
import type { Hall, Handed } from './hall.ts'
import { pick } from './pick.ts'

/** Chooses among all sessions there ever were, counted from the newest: live and dead ones, its own and other people's. */
export async function endChosen(hall: Hall, act: ActOf<'endSessions'>): Promise<void> {
  const device = pick(DEVICES, act.device)
  const held = hall.heldBy(device)
  const chosen = new Set(act.chosen.flatMap((back) => hall.handed.at(-1 - back) ?? []))
  if (chosen.size === 0) return
  const account = hall.accounts.get(held?.signedIn.user.email ?? '')
  const currentPassword = act.current === 'right' ? (account?.password ?? 'any') : pick(PASSWORDS, act.current)
  const isLive = held !== undefined && hall.whyDead(held) === null
  if (isLive) hall.touch(held)
  const sessionIds = [...chosen].map(({ signedIn }) => signedIn.session.id)
  const result = await endSessions(hall.deps, { sessionIds, currentPassword }, hall.caller(device))
  const opens = isLive && account?.password === currentPassword
  expect(result.ok, 'a live session and the password end others, and nothing else does').toBe(opens)
  if (!result.ok || !held) return
  const isEnded = (each: Handed) =>
    chosen.has(each) && each !== held && each.signedIn.user.id === held.signedIn.user.id && hall.whyDead(each) === null
  expect(result.value, 'those end that lived, of the same account, and not the one that asked').toBe(
    hall.handed.filter(isEnded).length,
  )
  hall.seen.add(`end of ${result.value === 0 ? 'no' : 'chosen'} sessions`)
  hall.end(isEnded, 'a choice in another session')
}
