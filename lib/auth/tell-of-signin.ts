import type { Tx } from '#db/client'
import type { User } from '#db/queries/users'
import { signinNewsBudget } from './budgets.ts'
import type { Caller, Deps } from './deps.ts'
import { mailNews } from './mail-news.ts'
import { SIGNIN_FREE_FAILURES } from './policy.ts'

/**
 * Mails the owner about a sign-in by password that may not have been theirs (OWASP ASVS 5.0 6.3.5): in a browser that the
 * account does not know, or after as many wrong passwords as begin the waits. One by mail has reached its owner already.
 * Resolves with whether there is a mail to send.
 */
export async function tellOfSignin(
  deps: Deps,
  tx: Tx,
  caller: Caller,
  user: User,
  { known, failures }: { known: boolean; failures: number },
): Promise<boolean> {
  if (known && failures < SIGNIN_FREE_FAILURES) return false
  const allowed = await deps.limits.takeWithin(tx, signinNewsBudget(user.emailKey))
  if (!allowed.ok) return false
  await mailNews(deps, tx, caller, user, known ? 'signin-after-failures' : 'new-browser')
  return true
}
