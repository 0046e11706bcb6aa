import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { MailboxRefresh } from '#components/mailbox-refresh'
import { pageMailbox } from '#lib/http/page-session'
import { one, type SearchParams } from '../search-params.ts'
import { MessageList } from './message-list.tsx'
import { MessageReader } from './message-reader.tsx'

export const metadata: Metadata = { title: 'Mailbox' }

export default async function MailboxPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await searchParams
  const to = one(query.to)
  const messages = await pageMailbox(to)
  if (messages === null) notFound()
  const opened = messages.find((message) => message.id === one(query.id))
  return (
    <section className="wide rounded-2xl border border-edge bg-card p-5 shadow-card min-[26rem]:p-8">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="text-[1.625rem] font-semibold leading-tight tracking-tight">Mailbox</h1>
        <MailboxRefresh newest={messages[0]?.id ?? null} to={to ?? null} />
      </div>
      <p className="mt-2 text-soft">
        No mail leaves this machine yet, so here is every email it would have sent
        {to && (
          <>
            {' '}
            to <strong className="break-words font-semibold text-ink">{to}</strong> (<a href="/mailbox">show all</a>)
          </>
        )}
        .
      </p>
      <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-6 md:grid-cols-[minmax(0,17rem)_minmax(0,1fr)]">
        <MessageList messages={messages} opened={opened?.id} to={to} />
        {opened ? <MessageReader message={opened} /> : messages.length > 0 && <ChooseOne />}
      </div>
    </section>
  )
}

function ChooseOne() {
  return <p className="hidden place-self-center text-soft md:block">Choose an email to read it.</p>
}
