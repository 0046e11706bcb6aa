import { CODE_LIFETIME } from '#lib/auth/policy'
import type { Pending } from '#lib/http/flash'

/** By the server's clock: the browser's own may be wrong. */
interface Waits {
  /** Seconds until another mail may be asked for, and since the last one was. */
  resendIn: number
  sentAgo: number
  /** The code can no longer be typed. */
  expired: boolean
}

export function waits({ sentAt, resendAt }: Pending): Waits {
  const now = Date.now()
  return {
    resendIn: Math.max(0, Math.ceil((resendAt - now) / 1000)),
    expired: now >= sentAt + CODE_LIFETIME,
    sentAgo: Math.max(0, Math.floor((now - sentAt) / 1000)),
  }
}
