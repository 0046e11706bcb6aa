import { pageSession } from '#lib/http/page-session'

/**
 * Where password managers send a person (W3C "A Well-Known URL for Changing Passwords"): to the form for whoever is signed in
 * and knows the password before, to the mail for everybody else.
 */
export const GET = async () => {
  const location = (await pageSession()) ? '/account/password' : '/reset'
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}
