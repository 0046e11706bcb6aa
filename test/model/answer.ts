import { codeExpiresAt } from '#lib/auth/challenge'
import { TRIES_PER_CHALLENGE } from '#lib/auth/policy'
import { type By, DEVICES, type MailPick } from './acts.ts'
import type { Hall, Mail } from './hall.ts'
import { pick } from './pick.ts'

export type Purpose = Mail['letter']['template']

/** A mail in somebody's hands, and what they make of it. */
export interface Answer {
  mail: Mail
  device: string
  by: By
}

/** Null while there is no such mail. */
export function pickAnswer(
  hall: Hall,
  { mail, device, by }: { mail: MailPick; device: number | null; by: By },
  purposes: readonly Purpose[],
): Answer | null {
  const letters = hall.letters().filter(({ letter }) => mail.among === 'all' || purposes.includes(letter.template))
  const picked = letters.toReversed()[mail.back % (letters.length || 1)]
  if (!picked) return null
  return { mail: picked, device: device === null ? isForWhom(hall, picked) : pick(DEVICES, device), by }
}

const isForWhom = (hall: Hall, { letter }: Mail) =>
  DEVICES.find((device) => hall.isFor(letter, device)) ?? pick(DEVICES, 0)

/** The body's part that names the challenge and answers it. */
export function tokenOf(hall: Hall, { mail: { letter }, by }: Answer) {
  const { challengeId, code, linkToken } = letter
  const wrong = code.replace(/^\d/u, (digit) => String((Number(digit) + 1) % 10))
  const others = hall.letters().filter((other) => other.letter.challengeId !== challengeId)
  return { challengeId, token: { code, link: linkToken, wrong, crossed: others.at(-1)?.letter.linkToken ?? wrong }[by] }
}

/** Whether this answers the challenge now, as far as the challenge goes: its own secret, in time, unused, and tries left. */
export async function isAnswered(hall: Hall, { mail: { letter }, by }: Answer): Promise<boolean> {
  const row = await hall.challenge(letter.challengeId)
  const now = hall.deps.now()
  if (!row || row.consumedAt !== null || row.attempts >= TRIES_PER_CHALLENGE || now >= row.expiresAt) return false
  if (by === 'code') return now < codeExpiresAt(row.createdAt)
  return by === 'link' && row.linkUsedAt === null
}
