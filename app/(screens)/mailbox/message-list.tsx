import type { Message } from './message-reader.tsx'

interface MessageListProps {
  messages: Message[]
  opened: string | undefined
  to: string | undefined
}

export function MessageList({ messages, opened, to }: MessageListProps) {
  if (messages.length === 0) {
    return <p className="rounded-xl bg-tint px-4 py-3 md:col-span-2">Nothing yet. A new email takes a second or two.</p>
  }
  return (
    <ol className="space-y-1 md:max-h-[44rem] md:overflow-y-auto md:pr-1" aria-label="Emails, newest first">
      {messages.map((message) => (
        <li key={message.id}>
          <a
            href={address(message.id, to)}
            aria-current={message.id === opened ? 'true' : undefined}
            className="block rounded-xl border border-transparent px-4 py-2.5 hover:bg-tint aria-[current]:border-accent aria-[current]:bg-tint"
          >
            <span className="block truncate font-medium">{message.subject}</span>
            <span className="block truncate text-base text-soft">{message.to}</span>
            <Arrived at={new Date(message.createdAt).toISOString()} />
          </a>
        </li>
      ))}
    </ol>
  )
}

function address(id: string, to: string | undefined): string {
  return `/mailbox?${new URLSearchParams(to ? { id, to } : { id })}#message`
}

function Arrived({ at }: { at: string }) {
  return (
    <time dateTime={at} className="block text-base text-soft tabular-nums">
      {at.slice(0, 16).replace('T', ' ')} UTC
    </time>
  )
}
