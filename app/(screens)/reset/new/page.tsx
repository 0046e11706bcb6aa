import type { Metadata } from 'next'
import { ResetForm } from '#components/reset-form'
import { pageFlash, pagePending, pageSite } from '#lib/http/page-session'
import { MailboxLink } from '../../mailbox-link.tsx'
import { waits } from '../../waits.ts'

export const metadata: Metadata = { title: 'Choose a new password' }

export default async function NewPasswordPage() {
  const left = await pageFlash('/reset/new')
  const asked = await pagePending()
  const pending = asked?.purpose === 'reset' ? asked : null
  const { passwordMinLength, hasMailbox } = pageSite()
  return (
    <ResetForm
      left={left}
      pending={pending && { challengeId: pending.challengeId, email: pending.email, ...waits(pending) }}
      passwordMinLength={passwordMinLength}
    >
      {hasMailbox && pending && (
        <div className="mt-4 px-5 min-[26rem]:px-8">
          <MailboxLink to={pending.email} />
        </div>
      )}
    </ResetForm>
  )
}
