import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { ApiClient, newAddress } from '../../e2e/api-client.ts'

/**
 * One failure, provoked and mended. Throws a sentence where the app did not hold, and NotTried where the failure cannot be
 * provoked here; else says what was measured.
 */
export interface FailureCase {
  name: string
  run(): Promise<string>
}

/** Why a failure cannot be provoked on this machine, or by this user. */
export class NotTried extends Error {}

export const PASSWORD = 'a lantern in the hall'

export function must(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence)
}

export interface Answer {
  email: string
  client: ApiClient
  status: number
  text: string
  headers: Headers
  ms: number
}

/** A new visitor's sign-up, timed. */
export async function signUp(origin: string, email = newAddress()): Promise<Answer> {
  const client = new ApiClient(origin)
  const began = performance.now()
  const answer = await client.call('/auth/signup', { email, password: PASSWORD })
  return { email, client, ...answer, ms: performance.now() - began }
}

/** That the app said "not now, try again", as a problem, and gave nobody a session. */
export function mustRefuseForNow({ status, text, headers }: Omit<Answer, 'email' | 'ms' | 'client'>): void {
  must(status === 503, `It answered ${status} and not 503: ${text.slice(0, 200)}`)
  must(Number(headers.get('retry-after')) > 0, 'A 503 came without Retry-After.')
  must(headers.get('content-type')?.startsWith('application/problem+json') === true, 'A 503 is no problem document.')
  must(!headers.getSetCookie().join().includes('__Host-session='), 'A session came with a failure.')
}

/** That nothing was kept of a sign-up that was refused: nobody has this password. */
export async function mustHaveLeftNothing(origin: string, email: string): Promise<void> {
  const { status } = await new ApiClient(origin).call('/auth/signin', { email, password: PASSWORD })
  must(status === 401, `A refused sign-up left something behind: a sign-in answered ${status}.`)
}

/** A command of the system; throws when it fails. */
export const system = (command: string, ...options: string[]) => execFileSync(command, options, { stdio: 'pipe' })

/** Sets a limit of a running process; what it has open stays open. */
export const limitProcess = (pid: number, limit: string) => system('prlimit', '--pid', String(pid), `--${limit}:`)

/** Polls until it holds; throws the sentence when it does not in time. */
export async function eventually(holds: () => boolean | Promise<boolean>, withinMs: number, sentence: string) {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    must(Date.now() < deadline, `${sentence} (${withinMs / 1000} s)`)
    await wait(50)
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Asks /health again and again until told to stop: milliseconds of each answer, and how many were none. */
export function watchHealth(origin: string): () => Promise<{ times: number[]; failed: number }> {
  const times: number[] = []
  let failed = 0
  let watching = true
  const watch = async () => {
    while (watching) {
      const began = performance.now()
      const response = await fetch(`${origin}/health`).catch(() => null)
      times.push(performance.now() - began)
      if (!response?.ok) failed += 1
      await response?.text()
      await wait(25)
    }
  }
  const watched = watch()
  return async () => {
    watching = false
    await watched
    return { times, failed }
  }
}
