import type { Caller } from '#lib/auth/deps'
import type { ChallengeLetter } from '#lib/auth/letters'
import type { Failure, Result } from '#lib/auth/result'
import { signup } from '#lib/auth/signup'
import type { SignedIn } from '#lib/auth/start-session'
import { verify } from '#lib/auth/verify'
import type { TestDeps } from './deps.ts'

// Tests reach their starting point through the front door, so that the way there is tested too.

export const PASSWORD = 'a lantern in the hall'

/** The value, or an error that names the failure. */
export function must<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result.failure)}`)
  return result.value
}

/** The failure's code; 'ok' when it was none. */
export const codeOf = (result: Result<unknown, Failure>) => (result.ok ? 'ok' : result.failure.code)

/** The newest mail with a code, to this address if one is named. */
export function newestLetter(deps: TestDeps, to?: string): ChallengeLetter {
  const mail = deps.mails.findLast(({ to: recipient, letter }) => 'code' in letter && (!to || recipient === to))
  if (!mail || !('code' in mail.letter)) throw new Error('No mail with a code was queued.')
  return mail.letter
}

export const byCode = ({ challengeId, code }: ChallengeLetter) => ({ challengeId, token: code })
export const byLink = ({ challengeId, linkToken }: ChallengeLetter) => ({ challengeId, token: linkToken })

/** A code of the same length that is not it. */
export const wrongCode = ({ challengeId, code }: ChallengeLetter) => ({
  challengeId,
  token: code.replace(/\d$/u, (digit) => String((Number(digit) + 1) % 10)),
})

/** Signs up and gives back the mail. */
export async function signedUp(deps: TestDeps, caller: Caller, email = 'ann@example.com', password = PASSWORD) {
  must(await signup(deps, { email, password }, caller))
  return newestLetter(deps, email)
}

/** Signs up and types the code: a verified account and its first session. */
export async function verified(
  deps: TestDeps,
  caller: Caller,
  email = 'ann@example.com',
  password = PASSWORD,
): Promise<SignedIn> {
  return must(await verify(deps, byCode(await signedUp(deps, caller, email, password)), caller))
}

export const withSession = (caller: Caller, { token }: SignedIn): Caller => ({ ...caller, sessionToken: token })

/** Runs `work` so many times side by side. */
export const atOnce = <T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => work(index)))

/** Once, between the next thing that a verb asks of the database and what it does with the answer: somebody else acts. */
export function meanwhile(deps: TestDeps, act: () => Promise<unknown>): void {
  const { read, run } = deps.db
  const thenAct = async <T>(asked: () => Promise<T>): Promise<T> => {
    Object.assign(deps.db, { read, run })
    const found = await asked()
    await act()
    return found
  }
  deps.db.read = (query) => thenAct(() => read(query))
  deps.db.run = (work) => thenAct(() => run(work))
}

/** Once, between the next comparison of a password and what follows: somebody else acts. */
export function whileComparing(deps: TestDeps, act: () => Promise<unknown>): void {
  const compare = deps.passwords.verify.bind(deps.passwords)
  deps.passwords.verify = async (...args) => {
    deps.passwords.verify = compare
    const compared = await compare(...args)
    await act()
    return compared
  }
}

/** How often each outcome came. */
export function tally(results: Result<unknown, Failure>[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const result of results) counts[codeOf(result)] = (counts[codeOf(result)] ?? 0) + 1
  return counts
}
