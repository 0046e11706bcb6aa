import type { Metadata } from 'next'
import { MagicLink } from '#components/magic-link'
import { safeNext } from '#lib/http/next-path'
import { pageFlash, pagePending, pageSession } from '#lib/http/page-session'

export const metadata: Metadata = { title: 'Your link' }

export default async function MagicLinkPage() {
  const left = await pageFlash('/magic-link')
  const session = await pageSession()
  const pending = await pagePending()
  return (
    <MagicLink
      left={left}
      signedInAs={session?.user.email ?? null}
      pending={pending && { challengeId: pending.challengeId, next: safeNext(pending.next) }}
    />
  )
}
