import type * as z from 'zod/mini'
import { env } from '#lib/env'
import type { Caller } from '../auth/deps.ts'
import { type Failure, type FieldError, fail, ok, type Result } from '../auth/result.ts'
import { formAnswer, jsonAnswer } from './answer.ts'
import { type BodyFormat, bodyFormat, readBody } from './body.ts'
import { brokenMachinery } from './broken-machinery.ts'
import { callOf } from './caller.ts'
import { isCrossOrigin } from './cross-origin.ts'
import { decodePending } from './flash.ts'
import { logRefusedRequest } from './log-refusal.ts'
import { safeNext } from './next-path.ts'
import type { Reply } from './replies.ts'

type Handler<Input> = (input: Input, caller: Caller) => Promise<Reply>

/**
 * A POST route as a web-standard function: cross-origin rule, size, body (JSON or form), schema, handler, answer.
 * `screen` is where a form is sent back to when it fails. An exception is a bug or broken machinery: logged under the
 * request id, answered without a detail.
 */
export function post<Schema extends z.ZodMiniType>(
  schema: Schema,
  screen: string,
  handle: Handler<z.output<Schema>>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const call = callOf(request)
    const format = bodyFormat(request)
    const read = await readInput(request, format, schema)
    const reply = read.input.ok ? await handleSafely(handle, read.input.value, call.caller) : read.input
    if (!reply.ok) logRefusedRequest(reply.failure, request, call.caller)
    const visit = { call, screen, next: nextOf(request, call.pending), email: read.email }
    return format === 'form' ? formAnswer(reply, visit) : jsonAnswer(reply, visit)
  }
}

type Read<Input> = { input: Result<Input, Failure>; email?: string | undefined }

async function readInput<Schema extends z.ZodMiniType>(
  request: Request,
  format: BodyFormat | null,
  schema: Schema,
): Promise<Read<z.output<Schema>>> {
  if (isCrossOrigin(request.headers, env().appOrigin)) return { input: fail({ code: 'cross_origin' }) }
  if (format === null) return { input: fail({ code: 'unsupported_media_type' }) }
  const body = await readBody(request, format)
  if (!body.ok) return { input: body }
  const email = 'email' in body.value && typeof body.value.email === 'string' ? body.value.email : undefined
  const parsed = schema.safeParse(body.value)
  if (parsed.success) return { input: ok(parsed.data), email }
  return { input: fail({ code: 'invalid_input', errors: fieldErrors(parsed.error) }), email }
}

/** One error a field, the first: a person mends one thing at a time. */
function fieldErrors(error: z.core.$ZodError): FieldError[] {
  const errors = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: key, code: 'unknown_field', message: 'This field is not known here.' }))
      : [{ field: issue.path.join('.'), code: issue.code, message: issue.message }],
  )
  return errors.filter(({ field }, index) => errors.findIndex((other) => other.field === field) === index)
}

async function handleSafely<Input>(handle: Handler<Input>, input: Input, caller: Caller): Promise<Reply> {
  try {
    return await handle(input, caller)
  } catch (error) {
    return { ok: false, failure: brokenMachinery(error, caller.requestId) }
  }
}

/** Where the visitor was going: said by the form's action, or kept since the mail was asked for. */
function nextOf(request: Request, pending: string | undefined): string | null {
  const said = safeNext(new URL(request.url).searchParams.get('next'))
  return said ?? safeNext(decodePending(pending)?.next)
}
