import type { ChallengeLetter, Letter } from '../auth/letters.ts'

const MINUTE = 60_000
const LONGEST_NAME = 40

const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' })
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' })

/** `14:32 UTC`, with the day before it where that is another one than at `from`. */
function describeTime(time: number, from?: number): string {
  const sameDay = from !== undefined && day.format(from) === day.format(time)
  return sameDay ? `${clock.format(time)} UTC` : `${day.format(time)}, ${clock.format(time)} UTC`
}

/** `10 minutes`, `24 hours`. Rounded down: better a minute too early than too late. */
function describeDuration(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / MINUTE))
  const [count, unit] = minutes >= 60 && minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const until = (askedAt: number, end: number) =>
  `for ${describeDuration(end - askedAt)}, until ${describeTime(end, askedAt)}`

/** How long code and link live, as a duration and, since mail can be slow, as a time of day. */
export function describeLifetime({ askedAt, codeExpiresAt, linkExpiresAt }: ChallengeLetter): string {
  return codeExpiresAt === linkExpiresAt
    ? `The code and the link work ${until(askedAt, codeExpiresAt)}.`
    : `The code works ${until(askedAt, codeExpiresAt)}; the link ${until(askedAt, linkExpiresAt)}.`
}

/** A browser's name is read from what the browser says of itself, so it is kept short and to one line. */
const nameOf = (text: string) =>
  text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME)

/** `Signed up from Firefox on Windows, 23 November 2026, 14:22 UTC.` */
export function describeAsker(act: string, { askedFrom, askedAt }: Letter): string {
  return `${act} from ${nameOf(askedFrom.browser)} on ${nameOf(askedFrom.system)}, ${describeTime(askedAt)}.`
}
