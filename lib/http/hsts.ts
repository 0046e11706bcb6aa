import { env } from '#lib/env'

/** Where the site is served by TLS, no browser shall ask for it without, for two years. */
export const hstsHeaders = (): [name: string, value: string][] =>
  env().appOrigin.startsWith('https:') ? [['strict-transport-security', 'max-age=63072000; includeSubDomains']] : []
