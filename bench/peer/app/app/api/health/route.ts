/** The least that a route can do, asked while others sign in. */
export const dynamic = 'force-dynamic'
export const GET = () => Response.json({ status: 'ok' })
