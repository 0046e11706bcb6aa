import { listSessionsOfUser } from '#db/queries/sessions'
import { type CurrentSession, currentSession } from './current-session.ts'
import type { Deps } from './deps.ts'
import { type FailureOf, ok, type Result } from './result.ts'
import { isRemembered, sessionState } from './session.ts'

/** A live session as its owner is shown it. `ip` is the address it began at, `current` the one that asks. */
export type ListedSession = Awaited<ReturnType<typeof listSessionsOfUser>>[number] & {
  remembered: boolean
  current: boolean
}

export interface ListedSessions {
  user: CurrentSession['user']
  /** The last used first; SESSIONS_PER_ACCOUNT at most, because no more are kept. */
  sessions: ListedSession[]
}

/** Where the owner of this session is signed in. */
export async function listSessions(
  deps: Deps,
  token: string | null,
): Promise<Result<ListedSessions, FailureOf<'not_signed_in'>>> {
  const current = await currentSession(deps, token)
  if (!current.ok) return current
  const { user, session } = current.value
  const now = deps.now()
  const found = await deps.db.read((tx) => listSessionsOfUser(tx, user.id, now))
  const live = found.filter((each) => sessionState(each, now) !== 'expired')
  return ok({
    user,
    sessions: live.map((each) => ({ ...each, remembered: isRemembered(each), current: each.id === session.id })),
  })
}
