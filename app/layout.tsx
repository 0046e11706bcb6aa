import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { Mark } from '#components/ui/mark'
import { pageSite } from '#lib/http/page-session'
import './globals.css'
import mark from './mark.svg'

export async function generateMetadata(): Promise<Metadata> {
  await connection()
  const { siteName } = pageSite()
  return {
    title: { default: siteName, template: `%s · ${siteName}` },
    description: `Sign in to ${siteName}, or create an account.`,
    referrer: 'same-origin',
    robots: { index: false },
    // Not found by its name, as Next offers: that address has no hash in it, so the icon would be asked for each time.
    icons: { icon: { url: mark.src, type: 'image/svg+xml' } },
    // Addresses and codes on a page are not phone numbers.
    formatDetection: { telephone: false, email: false, address: false },
  }
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f4f2ec' },
    { media: '(prefers-color-scheme: dark)', color: '#111514' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // The nonce of the policy belongs to one answer, so no page may be rendered ahead of its request.
  await connection()
  return (
    <html lang="en">
      <body>
        <div className="mx-auto flex min-h-dvh w-full flex-col px-4 pt-[clamp(1.5rem,9vh,5.5rem)] pb-12">
          <header className="mx-auto mb-5 w-full max-w-[27rem] has-[~main_.wide]:max-w-5xl">
            <a href="/" className="inline-flex items-center gap-3 rounded-lg font-semibold text-lg tracking-tight">
              <Mark />
              {pageSite().siteName}
            </a>
          </header>
          <main className="mx-auto w-full max-w-[27rem] has-[.wide]:max-w-5xl">{children}</main>
        </div>
      </body>
    </html>
  )
}
