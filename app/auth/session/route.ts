import { currentSession } from '#lib/auth/current-session'
import { deps } from '#lib/deps'
import { get } from '#lib/http/get'
import { onlyGet } from '#lib/http/refuse-method'
import { sessionBody } from '#lib/http/replies'

export const GET = get(async (visitor) => {
  const result = await currentSession(deps(), visitor.sessionToken)
  return result.ok ? sessionBody(result.value) : result
})

export const DELETE = onlyGet
export const OPTIONS = onlyGet
export const PATCH = onlyGet
export const POST = onlyGet
export const PUT = onlyGet
