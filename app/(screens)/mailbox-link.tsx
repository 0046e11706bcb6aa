/** Only while no real mail is set up. */
export function MailboxLink({ to }: { to: string }) {
  return (
    <p className="text-base text-soft">
      No mail leaves this machine yet. <a href={`/mailbox?to=${encodeURIComponent(to)}`}>Open the mailbox</a>
    </p>
  )
}
