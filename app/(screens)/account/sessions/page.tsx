import type { Metadata } from 'next'
import { AccountWays } from '#components/account-ways'
import { EndSessionsForm } from '#components/end-sessions-form'
import { Card, Ways } from '#components/ui/card'
import { Notice } from '#components/ui/notice'
import { Time } from '#components/ui/time'
import { noticeOfEnded, ownPageSessions, type PageSessions, pageFlash } from '#lib/http/page-session'
import { one, type SearchParams } from '../../search-params.ts'

export const metadata: Metadata = { title: 'Where you are signed in' }

export default async function SessionsPage({ searchParams }: { searchParams: SearchParams }) {
  const { email, sessions } = await ownPageSessions('/account/sessions')
  const left = (await pageFlash('/account/sessions')) ?? noticeOfEnded(one((await searchParams).ended))
  const others = sessions.filter(({ current }) => !current)
  return (
    <Card
      title="Where you are signed in"
      lead={
        <p>
          As <strong className="break-words font-semibold text-ink">{email}</strong>
          {others.length === 0
            ? ', in this browser and nowhere else.'
            : '. If you do not know one of these, sign it out.'}
        </p>
      }
    >
      <Notice message={left?.kind === 'notice' ? left : null} />
      {sessions.filter(({ current }) => current).map(ThisBrowser)}
      {others.length > 0 && (
        <EndSessionsForm
          left={left?.kind === 'failure' ? left : null}
          email={email}
          others={others.map((session) => ({
            id: session.id,
            name: nameOf(session),
            about: <About session={session} />,
          }))}
        />
      )}
      <Ways>
        {others.length > 0 && (
          <p>
            Is one of them not yours? <a href="/account/password">Change your password</a> too.
          </p>
        )}
        <AccountWays />
      </Ways>
    </Card>
  )
}

type Session = PageSessions['sessions'][number]

const nameOf = ({ browser, system }: Session) => `${browser} on ${system}`.replace(/^a/u, 'A')

function ThisBrowser(session: Session) {
  return (
    <section key={session.id} aria-labelledby="this-browser" className="space-y-1.5">
      <h2 id="this-browser" className="text-base text-soft">
        This browser
      </h2>
      <p className="font-medium">{nameOf(session)}</p>
      <div className="text-base text-soft">
        <About session={session} />
      </div>
    </section>
  )
}

function About({ session: { lastSeenAt, createdAt, ip, remembered } }: { session: Session }) {
  return (
    <>
      <p>
        Last used <Time iso={lastSeenAt} />
      </p>
      <p>
        Signed in <Time iso={createdAt} />
      </p>
      <p className="wrap-anywhere">
        From {ip}, {remembered ? 'kept signed in' : 'not kept signed in'}
      </p>
    </>
  )
}
