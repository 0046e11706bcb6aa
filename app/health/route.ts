import { readAnything } from '#db/queries/health'
import { ok } from '#lib/auth/result'
import { deps } from '#lib/deps'
import { get } from '#lib/http/get'
import { onlyGet } from '#lib/http/refuse-method'

export const GET = get(async () => {
  await deps().db.run(readAnything)
  return ok({ status: 'ok' })
})

export const DELETE = onlyGet
export const OPTIONS = onlyGet
export const PATCH = onlyGet
export const POST = onlyGet
export const PUT = onlyGet
