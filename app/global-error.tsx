'use client'
import ErrorPage from './error.tsx'
import './globals.css'

/** Takes the place of the layout when that is what failed. */
export default function GlobalError(props: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong</title>
        <main className="mx-auto w-full max-w-[27rem] px-4 pt-[clamp(1.5rem,9vh,5.5rem)] pb-12">
          <ErrorPage {...props} />
        </main>
      </body>
    </html>
  )
}
