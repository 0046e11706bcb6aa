import type { Metadata } from 'next'
import { ResetRequestForm } from '#components/reset-request-form'
import { Card, Ways } from '#components/ui/card'
import { pageFlash, pagePending, pageSession } from '#lib/http/page-session'
import { one, type SearchParams } from '../search-params.ts'

export const metadata: Metadata = { title: 'Reset password' }

export default async function ResetPage({ searchParams }: { searchParams: SearchParams }) {
  const left = await pageFlash('/reset')
  const session = await pageSession()
  const edited = one((await searchParams).edit) ? (await pagePending())?.email : undefined
  return (
    <Card
      title="Reset your password"
      lead="Tell us your address. If it has an account, we write to it; the email lets you choose a new password."
    >
      <ResetRequestForm left={left} email={left?.email ?? edited ?? session?.user.email} />
      <Ways>
        <p>
          Remembered it? <a href="/signin">Sign in</a>
        </p>
      </Ways>
    </Card>
  )
}
