import type { Secrets } from '../auth/deps.ts'

/** The request header in which `npm run doctor` asks GET /health what address it sees. */
export const DOCTOR_QUESTION = 'x-vestibule-doctor'
/** Whoever reads the header on its way can repeat it for this long, and learns what address a proxy passes on. */
const VALID_MS = 60_000

// Kept apart from every code's hash by its first part, which is no purpose of a challenge.
const signed = (askedAt: string) => ['doctor-question', askedAt]

/** Shows by AUTH_SECRET that an operator asks, now: no state, and nothing for strangers to call. `now` is epoch milliseconds. */
export function doctorQuestion(secrets: Pick<Secrets, 'codeHash'>, now: number): string {
  return `${now}.${secrets.codeHash(signed(String(now)))}`
}

export function isDoctorQuestion(secrets: Pick<Secrets, 'codeMatches'>, header: string | null, now: number): boolean {
  const [, askedAt, hash] = /^(\d{1,16})\.([\w-]{43})$/u.exec(header ?? '') ?? []
  if (askedAt === undefined || hash === undefined) return false
  return Math.abs(now - Number(askedAt)) <= VALID_MS && secrets.codeMatches(signed(askedAt), hash)
}
