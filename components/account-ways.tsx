import { LinkButton } from './ui/link-button.tsx'

/** The ways on from the screens behind `/account`: whoever sees the account can always sign out. */
export function AccountWays() {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6">
      <a href="/account">Back to your account</a>
      <form method="post" action="/auth/signout">
        <LinkButton type="submit">Sign out</LinkButton>
      </form>
    </div>
  )
}
