'use client'
import { useEffect } from 'react'
import { ButtonLink, SubmitButton } from '#components/ui/button'
import { Card } from '#components/ui/card'

const TITLE = 'Something went wrong'

/**
 * Something threw in the browser, or while a page was made anew in it; where a whole page failed, the server has answered with
 * lib/http/broken-page.ts. `digest` is what the log calls it.
 */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null
  // The page's own title stays in the document, and a second one would not be read. It may come after this: Next streams it.
  useEffect(() => {
    let own = document.title
    const setTitle = () => {
      if (document.title === TITLE) return
      own = document.title
      document.title = TITLE
    }
    setTitle()
    const late = new MutationObserver(setTitle)
    late.observe(document.head, { childList: true, subtree: true, characterData: true })
    return () => {
      late.disconnect()
      document.title = own
    }
  }, [])
  return (
    <Card
      title={TITLE}
      lead={
        <p role="alert">
          It is our fault, not yours. Nothing is lost: your account is as it was. Trying again often helps.
        </p>
      }
    >
      <div className="space-y-3">
        <SubmitButton type="button" onClick={retry}>
          Try again
        </SubmitButton>
        <ButtonLink href="/" tone="quiet">
          Go to the front hall
        </ButtonLink>
      </div>
      {digest && (
        <p className="text-base text-soft">
          If you report it, this number helps: <code>{digest}</code>
        </p>
      )}
    </Card>
  )
}
