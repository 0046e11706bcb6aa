import type { FormMessage } from '../use-auth-form.ts'

/** The message of a form or a screen. The live region is always there, so that what comes into it is announced. */
export function Notice({ message }: { message: FormMessage | null }) {
  return (
    <div role={message?.kind === 'failure' ? 'alert' : 'status'} className={message ? '' : 'hidden'}>
      {message && <NoticeBody key={message.at} message={message} />}
    </div>
  )
}

function NoticeBody({ message: { kind, message } }: { message: FormMessage }) {
  const failed = kind === 'failure'
  return (
    <div
      className={`flex gap-3 rounded-xl border-l-4 px-4 py-3 text-base ${
        failed ? 'border-danger bg-danger-tint' : 'border-accent bg-tint'
      }`}
    >
      <Icon failed={failed} />
      <p className="min-w-0 break-words">{message}</p>
    </div>
  )
}

function Icon({ failed }: { failed: boolean }) {
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden="true"
      className={`mt-0.5 size-5 shrink-0 ${failed ? 'text-danger' : 'text-accent'}`}
    >
      <circle cx="10" cy="10" r="8.25" fill="none" stroke="currentColor" strokeWidth="1.75" />
      <path
        d={failed ? 'M10 5.8v5M10 14v.2' : 'M6.6 10.3l2.3 2.3 4.6-5'}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
