import type { Caller } from '../auth/deps.ts'
import type { Failure, Result } from '../auth/result.ts'
import { callOf } from './caller.ts'
import { brokenMachinery } from './post.ts'
import { apiHeaders, jsonResponse, problemResponse } from './respond.ts'

/** A GET route: asks, changes nothing a visitor could notice, answers JSON. */
export function get(
  handle: (caller: Caller, request: Request) => Promise<Result<object, Failure>>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { caller } = callOf(request)
    const result = await handle(caller, request).catch((error: unknown) => {
      return { ok: false, failure: brokenMachinery(error, caller.requestId) } as const
    })
    const headers = apiHeaders(caller.requestId)
    return result.ok
      ? jsonResponse(200, result.value, headers)
      : problemResponse(result.failure, caller.requestId, headers)
  }
}
