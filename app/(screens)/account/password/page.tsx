import type { Metadata } from 'next'
import { AccountWays } from '#components/account-ways'
import { ChangePasswordForm } from '#components/change-password-form'
import { Card, Ways } from '#components/ui/card'
import { ownPageSession, pageFlash, pageSite } from '#lib/http/page-session'

export const metadata: Metadata = { title: 'Change your password' }

export default async function ChangePasswordPage() {
  const { user } = await ownPageSession('/account/password')
  const left = await pageFlash('/account/password')
  return (
    <Card
      title="Change your password"
      lead={
        <p>
          You are signed in as <strong className="break-words font-semibold text-ink">{user.email}</strong>, and stay so
          here. Every other browser is signed out, and links we mailed you stop working.
        </p>
      }
    >
      <ChangePasswordForm left={left} email={user.email} passwordMinLength={pageSite().passwordMinLength} />
      <Ways>
        <p>
          Forgot the current one? <a href="/reset">Reset it by email</a>
        </p>
        <AccountWays />
      </Ways>
    </Card>
  )
}
