import { ID_BYTES } from '../auth/policy.ts'
import { systemRandom } from '../random.ts'
import { apiHeaders, problemResponse } from './respond.ts'

/** The answer to every method a route does not have; `allow` names those it has. */
const refuseMethod = (allow: string) => async (): Promise<Response> => {
  const requestId = systemRandom.token(ID_BYTES)
  return problemResponse({ code: 'method_not_allowed', allow }, requestId, apiHeaders(requestId))
}

export const onlyPost = refuseMethod('POST')
export const onlyGet = refuseMethod('GET')
export const onlyGetAndDelete = refuseMethod('GET, DELETE')
