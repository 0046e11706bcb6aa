import type { Failure, Result } from '../auth/result.ts'
import { brokenMachinery } from './broken-machinery.ts'
import { type Visitor, visitorOf } from './caller.ts'
import { logRefusedRequest } from './log-refusal.ts'
import { apiHeaders, type HeaderList, jsonResponse, problemResponse } from './respond.ts'

type Respond<Value> = (value: Value, headers: HeaderList) => Response

const asJson: Respond<object> = (value, headers) => jsonResponse(200, value, headers)

/** A GET route: asks, changes nothing a visitor could notice, answers JSON unless `respond` makes something else of it. */
export function get<Value extends object>(
  handle: (visitor: Visitor, request: Request) => Promise<Result<Value, Failure>>,
  respond: Respond<Value> = asJson,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const visitor = visitorOf(request)
    const result = await handle(visitor, request).catch((error: unknown) => {
      return { ok: false, failure: brokenMachinery(error, visitor.requestId) } as const
    })
    const headers = apiHeaders(visitor.requestId)
    if (result.ok) return respond(result.value, headers)
    logRefusedRequest(result.failure, request, visitor)
    return problemResponse(result.failure, visitor.requestId, headers)
  }
}
