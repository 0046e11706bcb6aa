import { readAnything } from '#db/queries/health'
import { ok } from '#lib/auth/result'
import { deps } from '#lib/deps'
import { DOCTOR_QUESTION, isDoctorQuestion } from '#lib/http/doctor-question'
import { get } from '#lib/http/get'
import { onlyGet } from '#lib/http/refuse-method'

export const GET = get(async (visitor, request) => {
  const { db, now, secrets } = deps()
  await db.read(readAnything)
  const asked = isDoctorQuestion(secrets, request.headers.get(DOCTOR_QUESTION), now())
  return ok({ status: 'ok', ...(asked && { seenAddress: visitor.ip }) })
})

export const DELETE = onlyGet
export const OPTIONS = onlyGet
export const PATCH = onlyGet
export const POST = onlyGet
export const PUT = onlyGet
