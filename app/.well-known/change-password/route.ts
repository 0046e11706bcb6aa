/** Where password managers send a person (W3C "A Well-Known URL for Changing Passwords"). */
export const GET = () =>
  new Response(null, { status: 303, headers: { location: '/reset', 'cache-control': 'no-store' } })
