import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SigninForm } from '#components/signin-form'
import { Card, Ways } from '#components/ui/card'
import { safeNext } from '#lib/http/next-path'
import { pageFlash, pagePending, pageSession } from '#lib/http/page-session'
import { withNext } from '../../../components/with-next.ts'
import { one, type SearchParams } from '../search-params.ts'

export const metadata: Metadata = { title: 'Sign in' }

/** What the reset form says with JavaScript; without it the same comes as a flash. */
const AFTER_RESET = {
  kind: 'notice' as const,
  message: 'Your password is changed, and every device is signed out. Sign in with the new one.',
}

export default async function SigninPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams
  const next = safeNext(one(query.next))
  if (await pageSession()) redirect(next ?? '/account')
  const left = (await pageFlash('/signin')) ?? (one(query.after) === 'reset' ? AFTER_RESET : null)
  const edited = one(query.edit) ? (await pagePending())?.email : undefined
  return (
    <Card title="Sign in">
      <SigninForm left={left} email={left && 'email' in left ? left.email : edited} next={next} />
      <Ways>
        <p>
          <a href="/reset">Forgot your password?</a>
        </p>
        <p>
          New here? <a href={withNext('/signup', next)}>Create account</a>
        </p>
      </Ways>
    </Card>
  )
}
