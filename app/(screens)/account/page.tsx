import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ButtonLink, SubmitButton } from '#components/ui/button'
import { Card, Ways } from '#components/ui/card'
import { Notice } from '#components/ui/notice'
import { Time } from '#components/ui/time'
import { ownPageSession, pageFlash } from '#lib/http/page-session'
import { one, type SearchParams } from '../search-params.ts'

export const metadata: Metadata = { title: 'Your account' }

/** What the change of the password says with JavaScript; without it the same comes as a flash. */
const AFTER_CHANGE = {
  kind: 'notice' as const,
  message: 'Your password is changed. You stay signed in here; every other browser is signed out.',
}

export default async function AccountPage({ searchParams }: { searchParams: SearchParams }) {
  const { user, session } = await ownPageSession('/account')
  const left = (await pageFlash('/account')) ?? (one((await searchParams).after) === 'change' ? AFTER_CHANGE : null)
  return (
    <Card title="Your account">
      <Notice message={left} />
      <dl className="space-y-4">
        <Fact name="Signed in as">
          <strong className="break-words font-semibold">{user.email}</strong>
        </Fact>
        <Fact name="Address confirmed">
          <Time iso={user.verifiedAt} />
        </Fact>
        <Fact name="Signed in since">
          <Time iso={session.createdAt} />
        </Fact>
        <Fact name="Signed in until">
          <Time iso={session.expiresAt} />
          {session.remembered === false && ', or until you close the browser'}
        </Fact>
      </dl>
      <div className="space-y-3">
        <ButtonLink href="/account/password" tone="quiet">
          Change your password
        </ButtonLink>
        <ButtonLink href="/account/sessions" tone="quiet">
          See where you are signed in
        </ButtonLink>
        <form method="post" action="/auth/signout">
          <SubmitButton>Sign out</SubmitButton>
        </form>
      </div>
      <Ways>
        <form method="post" action="/auth/signout" className="space-y-3">
          <p>Lost a device, or left yourself signed in somewhere? This ends every session, here and elsewhere.</p>
          <input type="hidden" name="everywhere" value="true" />
          <SubmitButton tone="danger">Sign out everywhere</SubmitButton>
        </form>
      </Ways>
    </Card>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-base text-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
