import { deleteSession, deleteSessionsOfUser } from '#db/queries/sessions'
import { findUser, holdOwnerOfSession } from '#db/queries/users'
import type { SignoutInput } from '../schemas.ts'
import type { Caller, Deps } from './deps.ts'
import { record } from './record.ts'
import { ok, type Result } from './result.ts'
import { hashToken } from './token.ts'

/** Ends this session, or with `everywhere` every session of its account. Without a session there is nothing to do, and that is fine. */
export async function signout(deps: Deps, input: SignoutInput, caller: Caller): Promise<Result<null>> {
  const { sessionToken } = caller
  if (sessionToken === null) return ok(null)
  const tokenHash = hashToken(sessionToken)
  await deps.db.transaction(async (tx) => {
    // Before its sessions: two that end each other's would wait in a circle, which Postgres ends by an error.
    const held = input.everywhere ? await holdOwnerOfSession(tx, tokenHash) : null
    const session = await deleteSession(tx, tokenHash)
    if (!session || session.expiresAt <= deps.now()) return
    if (input.everywhere) await deleteSessionsOfUser(tx, session.userId)
    const type = input.everywhere ? 'signout_everywhere' : 'signout'
    const owner = held ?? (await findUser(tx, session.userId))
    await record(deps, tx, caller, { type, outcome: 'ok', userId: session.userId, emailKey: owner?.emailKey })
  })
  return ok(null)
}
