import type { Deps } from './deps.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'

type Refused = FailureOf<'password_refused'>

const bare = (text: string) => text.normalize('NFKC').toLowerCase()

/** Whether a password may be chosen: long enough, not everybody's, not the address and not the site's name. */
export function checkNewPassword(deps: Deps, password: string, email: string | null): Result<null, Refused> {
  const { passwordMinLength, siteName } = deps.settings
  if ([...password.normalize('NFC')].length < passwordMinLength)
    return fail({ code: 'password_refused', reason: 'too_short', minLength: passwordMinLength })
  if (deps.passwords.isCommon(password)) return fail({ code: 'password_refused', reason: 'too_common' })
  const typed = bare(password)
  const local = email?.slice(0, email.lastIndexOf('@'))
  if (email && local && (typed === bare(email) || typed === bare(local)))
    return fail({ code: 'password_refused', reason: 'contains_email' })
  if (typed === bare(siteName)) return fail({ code: 'password_refused', reason: 'contains_site_name' })
  return ok(null)
}
