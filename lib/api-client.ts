/** The browser's side of the API: one function that sends JSON and never throws. */
import type { FailureCode, FieldError } from './auth/result.ts'

/** RFC 9457 as this server answers it, or what the browser itself noticed (`offline`). */
export interface Problem {
  code: FailureCode | 'offline'
  /** A sentence for a person; when it says to wait, it says how long. */
  detail: string
  errors?: FieldError[]
  /** With `email_unverified`: the challenge whose code can still be typed. */
  challengeId?: string
}

export type Answer<Value> = { ok: true; value: Value } | { ok: false; problem: Problem }

/** A person has given up by then; without it a lost connection would keep the button working for minutes. */
const TIMEOUT_MS = 30_000

export async function post<Value>(path: string, input: object): Promise<Answer<Value>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(input),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body = await response.json()
    return response.ok ? { ok: true, value: body as Value } : { ok: false, problem: asProblem(body) }
  } catch {
    return { ok: false, problem: OFFLINE }
  }
}

const OFFLINE: Problem = {
  code: 'offline',
  detail: 'There was no answer. Check your connection, then try again. Nothing you typed is lost.',
}

/** A proxy in between may answer JSON of its own: only what is shaped like ours is shown. */
function asProblem(body: unknown): Problem {
  const problem = body as Partial<Problem> | null
  if (typeof problem?.code === 'string' && typeof problem.detail === 'string') return problem as Problem
  return { code: 'internal_error', detail: 'Something went wrong on our side. Try again in a moment.' }
}

/** Goes there with a full load, so that the page is read with its new cookies. Never resolves: the button works until the end. */
export function leaveFor(path: string): Promise<never> {
  window.addEventListener('pageshow', (event) => event.persisted && window.location.reload())
  window.location.assign(path)
  return new Promise(() => {})
}
