import { endSessions } from '#lib/auth/end-sessions'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { failed, sessionsEnded } from '#lib/http/replies'
import { endSessionsInput } from '#lib/schemas'

export const POST = post(endSessionsInput, '/account/sessions', async (input, caller) => {
  const result = await endSessions(deps(), input, caller)
  return result.ok ? sessionsEnded(result.value) : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
