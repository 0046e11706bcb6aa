import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignupForm } from '#components/signup-form'
import { Card, Ways } from '#components/ui/card'
import { safeNext } from '#lib/http/next-path'
import { pageFlash, pagePending, pageSession, pageSite } from '#lib/http/page-session'
import { withNext } from '../../../components/with-next.ts'
import { one, type SearchParams } from '../search-params.ts'

export const metadata: Metadata = { title: 'Create account' }

export default async function SignupPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams
  const next = safeNext(one(query.next))
  if (await pageSession()) redirect(next ?? '/account')
  const left = await pageFlash('/signup')
  const edited = one(query.edit) ? (await pagePending())?.email : undefined
  return (
    <Card title="Create your account">
      <SignupForm
        left={left}
        email={left?.email ?? edited}
        next={next}
        passwordMinLength={pageSite().passwordMinLength}
      />
      <Ways>
        <p>
          Already have an account? <a href={withNext('/signin', next)}>Sign in</a>
        </p>
      </Ways>
    </Card>
  )
}
