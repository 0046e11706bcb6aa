import { listSessions } from '#lib/auth/list-sessions'
import { deps } from '#lib/deps'
import { get } from '#lib/http/get'
import { onlyGet } from '#lib/http/refuse-method'
import { sessionsBody } from '#lib/http/replies'

export const GET = get(async (visitor) => {
  const result = await listSessions(deps(), visitor.sessionToken)
  return result.ok ? sessionsBody(result.value) : result
})

export const DELETE = onlyGet
export const OPTIONS = onlyGet
export const PATCH = onlyGet
export const POST = onlyGet
export const PUT = onlyGet
