import { ok } from '#lib/auth/result'
import { deps } from '#lib/deps'
import { get } from '#lib/http/get'
import { mailboxMessages, whileMailboxServes } from '#lib/http/mailbox'
import { onlyGetAndDelete } from '#lib/http/refuse-method'
import { emptyMailbox, readMailbox } from '#lib/mail/mailbox'

export const GET = get(
  whileMailboxServes(async (request) => {
    const to = new URL(request.url).searchParams.get('to')
    return ok(mailboxMessages(await readMailbox(deps().db, to ?? undefined)))
  }),
)

export const DELETE = get(
  whileMailboxServes(async () => {
    await emptyMailbox(deps().db)
    return ok({ message: 'The mailbox is empty.' })
  }),
)

export const OPTIONS = onlyGetAndDelete
export const PATCH = onlyGetAndDelete
export const POST = onlyGetAndDelete
export const PUT = onlyGetAndDelete
