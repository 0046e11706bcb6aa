import { setTimeout as wait } from 'node:timers/promises'
import { compareSync } from 'bcryptjs'
import { ok } from '#lib/auth/result'
import type { App } from '#lib/deps'

/** One way to break the code; `apply` breaks it and gives back what mends it. */
export interface Mutant {
  name: string
  endpoint: string
  apply(app: App): () => void
}

/** Puts `broken` in the place of a function, and the function back. */
function replace<T extends object, K extends keyof T>(target: T, key: K, broken: (whole: T[K]) => T[K]): () => void {
  const whole = target[key]
  target[key] = broken(whole)
  return () => {
    target[key] = whole
  }
}

const noMatch = ok({ matches: false, needsRehash: false })

export const MUTANTS: Mutant[] = [
  {
    name: 'early return for unknown users',
    endpoint: 'signin',
    apply: ({ passwords }) =>
      replace(
        passwords,
        'verify',
        (verify) => async (password, stored) => (stored === null ? noMatch : verify(password, stored)),
      ),
  },
  {
    name: 'an empty hash instead of the dummy',
    endpoint: 'signin',
    apply: ({ passwords }) =>
      replace(passwords, 'verify', (verify) => async (password, stored) => {
        if (stored !== null) return verify(password, stored)
        compareSync(password, '')
        return noMatch
      }),
  },
  {
    name: 'mail sent in the request',
    endpoint: 'password/reset/request',
    apply: ({ outbox }) =>
      replace(outbox, 'enqueue', (enqueue) => async (tx, mail) => {
        await enqueue(tx, mail)
        // What a fast provider takes to answer.
        if (mail.to !== '') await wait(20)
      }),
  },
]
