import type { Pending } from '#lib/http/flash'

/** Seconds by the server's clock: the browser's own may be wrong. */
export function waits({ sentAt, resendAt }: Pending): { resendIn: number; sentAgo: number } {
  const now = Date.now()
  return {
    resendIn: Math.max(0, Math.ceil((resendAt - now) / 1000)),
    sentAgo: Math.max(0, Math.floor((now - sentAt) / 1000)),
  }
}
