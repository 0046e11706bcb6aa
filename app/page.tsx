import { ButtonLink, SubmitButton } from '#components/ui/button'
import { Card, Ways } from '#components/ui/card'
import { type PageSession, pageSession, pageSite } from '#lib/http/page-session'

export default async function Home() {
  const signedIn = await pageSession()
  return signedIn ? <SignedIn user={signedIn.user} /> : <SignedOut />
}

function SignedOut() {
  const { siteName, hasMailbox } = pageSite()
  return (
    <Card
      title="Come in"
      lead={`This is the front hall of ${siteName}. Prove that an email address is yours, choose a password, and you are inside.`}
    >
      <div className="space-y-3">
        <ButtonLink href="/signup">Create account</ButtonLink>
        <ButtonLink href="/signin" tone="quiet">
          Sign in
        </ButtonLink>
      </div>
      {hasMailbox && (
        <Ways>
          <p>
            No mail leaves this machine yet: every email is kept in <a href="/mailbox">the mailbox</a>.
          </p>
        </Ways>
      )}
    </Card>
  )
}

function SignedIn({ user }: { user: PageSession['user'] }) {
  return (
    <Card
      title="Welcome back"
      lead={
        <p>
          Signed in as <strong className="break-words font-semibold text-ink">{user.email}</strong>
        </p>
      }
    >
      <div className="space-y-3">
        <ButtonLink href="/account">Your account</ButtonLink>
        <form method="post" action="/auth/signout">
          <SubmitButton tone="quiet">Sign out</SubmitButton>
        </form>
      </div>
    </Card>
  )
}
