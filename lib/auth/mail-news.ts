import type { Tx } from '#db/client'
import type { User } from '#db/queries/users'
import type { Caller, Deps } from './deps.ts'
import type { NewsLetter } from './letters.ts'
import { NEWS_LIFETIME } from './policy.ts'

/** Queues mail that tells an owner what was done, from which browser and when. */
export async function mailNews(
  deps: Deps,
  tx: Tx,
  { askedFrom }: Caller,
  { email }: User,
  template: NewsLetter['template'],
): Promise<void> {
  const askedAt = deps.now()
  await deps.outbox.enqueue(tx, {
    to: email,
    letter: { template, askedFrom, askedAt },
    expiresAt: askedAt + NEWS_LIFETIME,
  })
}
