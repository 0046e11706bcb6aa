import { contextWords, isMadeOf } from './context-words.ts'
import type { Deps } from './deps.ts'
import { type FailureOf, fail, ok, type PasswordRefusal, type Result } from './result.ts'

type Refused = FailureOf<'password_refused'>

/** Whether a password may be chosen: long enough, not everybody's, and not made of the address or of what the site is called. */
export function checkNewPassword(deps: Deps, password: string, email: string | null): Result<null, Refused> {
  const { passwordMinLength, siteName, siteHost } = deps.settings
  const refuse = (reason: PasswordRefusal) => fail({ code: 'password_refused', reason })
  if ([...password.normalize('NFC')].length < passwordMinLength)
    return fail({ code: 'password_refused', reason: 'too_short', minLength: passwordMinLength })
  if (deps.passwords.isCommon(password)) return refuse('too_common')
  const ofOwner = email === null ? [] : [email.toLowerCase(), ...contextWords(email.slice(0, email.lastIndexOf('@')))]
  if (isMadeOf(ofOwner, password)) return refuse('contains_email')
  // With the owner's once more: a password may be made of both.
  const ofSite = [siteName, siteHost].flatMap(contextWords)
  return isMadeOf([...ofOwner, ...ofSite], password) ? refuse('contains_site_name') : ok(null)
}
