import { requestIdOf } from './request-id.ts'
import { apiHeaders, problemResponse } from './respond.ts'

/** The answer to every method a route does not have; `allow` names those it has. */
const refuseMethod =
  (allow: string) =>
  async (request: Request): Promise<Response> => {
    const id = requestIdOf(request)
    return problemResponse({ code: 'method_not_allowed', allow }, id, apiHeaders(id))
  }

export const onlyPost = refuseMethod('POST')
// Whatever answers GET answers HEAD, without the body.
export const onlyGet = refuseMethod('GET, HEAD')
export const onlyGetAndDelete = refuseMethod('GET, HEAD, DELETE')
