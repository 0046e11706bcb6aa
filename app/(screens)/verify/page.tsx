import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { ExpiredCode } from '#components/expired-code'
import { ButtonLink } from '#components/ui/button'
import { Card } from '#components/ui/card'
import { Notice } from '#components/ui/notice'
import { VerifyForm } from '#components/verify-form'
import { safeNext } from '#lib/http/next-path'
import { pageFlash, pagePending, pageSite } from '#lib/http/page-session'
import { MailboxLink } from '../mailbox-link.tsx'
import { one, type SearchParams } from '../search-params.ts'
import { waits } from '../waits.ts'

export const metadata: Metadata = { title: 'Check your email' }

export default async function VerifyPage({ searchParams }: { searchParams: SearchParams }) {
  const left = await pageFlash('/verify')
  const pending = await pagePending()
  if (pending?.purpose === 'reset') redirect('/reset/new')
  if (!pending) return <NothingPending message={left} />
  const next = safeNext(one((await searchParams).next)) ?? safeNext(pending.next)
  const purpose = pending.purpose === 'verify' ? 'verify' : 'sign-in'
  const { expired, ...waiting } = waits(pending)
  if (expired) return <ExpiredCode left={left} purpose={purpose} email={pending.email} next={next} />
  return (
    <Card title="Check your email" lead={purpose === 'verify' ? <Wrote {...pending} /> : <Writes {...pending} />}>
      <VerifyForm
        left={left}
        purpose={purpose}
        challengeId={pending.challengeId}
        email={pending.email}
        next={next}
        asksPassword={left?.code === 'password_required'}
        {...waiting}
      />
      {pageSite().hasMailbox && <MailboxLink to={pending.email} />}
    </Card>
  )
}

/** Whoever signs up gets an email, of one kind or another. */
function Wrote({ email }: { email: string }) {
  return (
    <p>
      We wrote to <strong className="break-words font-semibold text-ink">{email}</strong>. Type the code from that email
      here, or open the link in it.
    </p>
  )
}

/** Whoever asks to sign in gets one only where there is an account, which is nobody else's business. */
function Writes({ email }: { email: string }) {
  return (
    <p>
      If <strong className="break-words font-semibold text-ink">{email}</strong> has an account, an email is on its way.
      Type the code from it here, or open the link in it.
    </p>
  )
}

function NothingPending({ message }: { message: Awaited<ReturnType<typeof pageFlash>> }) {
  return (
    <Card
      title="Nothing to confirm here"
      lead="This browser is not waiting for a code. A code works only in the browser that asked for it; the link in the same email works anywhere."
    >
      <Notice message={message} />
      <div className="space-y-3">
        <ButtonLink href="/signin">Sign in, or ask for a link</ButtonLink>
        <ButtonLink href="/signup" tone="quiet">
          Create account
        </ButtonLink>
      </div>
    </Card>
  )
}
