import { currentSession } from '#lib/auth/current-session'
import { ok } from '#lib/auth/result'
import { deps } from '#lib/deps'
import { get } from '#lib/http/get'
import { onlyGet } from '#lib/http/refuse-method'
import { seeOther } from '#lib/http/respond'

/**
 * Where password managers send a person (W3C "A Well-Known URL for Changing Passwords"): to the form for whoever is signed in
 * and knows the password before, to the mail for everybody else.
 */
export const GET = get(
  async ({ sessionToken }) => {
    const { ok: isSignedIn } = await currentSession(deps(), sessionToken)
    return ok({ location: isSignedIn ? '/account/password' : '/reset' })
  },
  ({ location }, headers) => seeOther(location, headers),
)

export const DELETE = onlyGet
export const OPTIONS = onlyGet
export const PATCH = onlyGet
export const POST = onlyGet
export const PUT = onlyGet
