import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SubmitButton } from '#components/ui/button'
import { Card, Ways } from '#components/ui/card'
import { ownPageSession } from '#lib/http/page-session'

export const metadata: Metadata = { title: 'Your account' }

export default async function AccountPage() {
  const { user, session } = await ownPageSession('/account')
  return (
    <Card title="Your account">
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
      <form method="post" action="/auth/signout">
        <SubmitButton>Sign out</SubmitButton>
      </form>
      <Ways>
        <form method="post" action="/auth/signout" className="space-y-3">
          <p>Lost a device, or left yourself signed in somewhere? This ends every session, here and elsewhere.</p>
          <input type="hidden" name="everywhere" value="true" />
          <SubmitButton tone="danger">Sign out everywhere</SubmitButton>
        </form>
        <p className="pt-2">
          <a href="/reset">Change your password</a>
        </p>
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

const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** In UTC, and saying so: the server does not know the visitor's zone, and a text that changes as it loads is worse. */
function Time({ iso }: { iso: string }) {
  return <time dateTime={iso}>{FORMAT.format(new Date(iso))} UTC</time>
}
