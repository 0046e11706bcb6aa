/** Node's names for a certificate that it does not trust, or that has expired or bears another name. */
const CERTIFICATE = /CERT|UNABLE_TO_(?:VERIFY|GET)|^ERR_TLS/u
/** The driver's words for a server that speaks no TLS; it has no code for them. */
const NO_TLS = /does not support SSL/iu

/** Why TLS was the end of a connection; null when it was not, or only of an error that this one wraps. */
export function tlsFailure({ code, message }: Error & { code?: unknown }): 'no TLS' | 'certificate' | null {
  if (NO_TLS.test(message)) return 'no TLS'
  return CERTIFICATE.test(String(code)) ? 'certificate' : null
}
