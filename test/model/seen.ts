import { expect } from 'vitest'

/** Names of what happened, and what must have happened so often in every 25 sequences, however luck falls. */
const OFTEN: [what: string, pattern: RegExp, atLeast: number][] = [
  ['mailboxes are proved', /^verify by/u, 10],
  ['visitors sign in with a password', /^sign-in by password/u, 20],
  ['visitors sign in by mail', /^sign-in by (?:code|link)/u, 1],
  ['passwords are reset', /^reset by/u, 1],
  ['passwords are changed', /^change of the password/u, 1],
  ['sessions are refused that were ended', /^session refused after/u, 20],
]

/** And what a long run must have seen at all. Elsewhere, a code opens nothing but a sign-up, with its password. */
const ONCE = [
  ...['code here', 'code elsewhere', 'link here', 'link elsewhere'].map((how) => `verify by ${how}`),
  ...['code here', 'link here', 'link elsewhere'].flatMap((how) => [`reset by ${how}`, `sign-in by ${how}`]),
  ...[
    'its rest',
    'thirty days',
    'twenty newer ones',
    'a reset',
    'a change of the password',
    'a sign-out everywhere',
    'a choice in another session',
  ].map((why) => `session refused after ${why}`),
  ...['its rejection', 'a day without proof', 'one more at a full address', 'the confirmation of another'].map(
    (why) => `sign-up ended by ${why}`,
  ),
  'preview',
  'end of no sessions',
  'session refused after the disabling of its account',
  'sign-in refused to a disabled account',
]

/** A tally of what the visitors came to. */
export class Seen {
  private readonly counts = new Map<string, number>()

  add(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  /** A model whose visitors never get in would hold by doing nothing. */
  check(sequences: number): void {
    for (const [what, pattern, atLeast] of OFTEN) {
      const times = [...this.counts].reduce((sum, [name, count]) => sum + (pattern.test(name) ? count : 0), 0)
      expect(times, `${what} in ${sequences} sequences`).toBeGreaterThanOrEqual(atLeast * Math.floor(sequences / 25))
    }
    if (sequences >= 500)
      expect(
        ONCE.filter((what) => !this.counts.has(what)),
        'never seen',
      ).toEqual([])
  }

  /** One line each. */
  toString(): string {
    return [...this.counts]
      .toSorted()
      .map(([what, count]) => `${String(count).padStart(8)}  ${what}\n`)
      .join('')
  }
}
