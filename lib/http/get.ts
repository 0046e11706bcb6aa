import type { Failure, Result } from '../auth/result.ts'
import { brokenMachinery } from './broken-machinery.ts'
import { type Visitor, visitorOf } from './caller.ts'
import { logRefusedRequest } from './log-refusal.ts'
import { apiHeaders, jsonResponse, problemResponse } from './respond.ts'

/** A GET route: asks, changes nothing a visitor could notice, answers JSON. */
export function get(
  handle: (visitor: Visitor, request: Request) => Promise<Result<object, Failure>>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const visitor = visitorOf(request)
    const result = await handle(visitor, request).catch((error: unknown) => {
      return { ok: false, failure: brokenMachinery(error, visitor.requestId) } as const
    })
    const headers = apiHeaders(visitor.requestId)
    if (result.ok) return jsonResponse(200, result.value, headers)
    logRefusedRequest(result.failure, request, visitor)
    return problemResponse(result.failure, visitor.requestId, headers)
  }
}
