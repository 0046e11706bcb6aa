import type { pageMailbox } from '#lib/http/page-session'

export type Message = NonNullable<Awaited<ReturnType<typeof pageMailbox>>>[number]

/** Both bodies of one email. The frame runs nothing, and its links open in the page. */
export function MessageReader({ message }: { message: Message }) {
  return (
    <article id="message" className="min-w-0 scroll-mt-4 space-y-4">
      <header>
        <h2 className="break-words font-semibold text-xl tracking-tight">{message.subject}</h2>
        <p className="break-words text-base text-soft">To {message.to}</p>
      </header>
      <iframe
        title={`Email: ${message.subject}`}
        src={`/mailbox/messages/${encodeURIComponent(message.id)}`}
        sandbox="allow-popups allow-top-navigation-by-user-activation"
        referrerPolicy="no-referrer"
        className="h-[44rem] w-full rounded-xl border border-edge bg-white"
      />
      <section aria-labelledby="plain-text">
        <h3 id="plain-text" className="mb-1.5 font-medium">
          Plain text
        </h3>
        <pre className="overflow-x-auto whitespace-pre-wrap rounded-xl border border-edge bg-page px-4 py-3 font-mono text-base [overflow-wrap:anywhere]">
          {message.text}
        </pre>
      </section>
    </article>
  )
}
