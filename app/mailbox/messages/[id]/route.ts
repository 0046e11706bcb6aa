import { deps } from '#lib/deps'
import { mailDocument } from '#lib/http/mailbox'
import { onlyGet } from '#lib/http/refuse-method'
import { readMessage } from '#lib/mail/mailbox'

export const GET = mailDocument((id) => readMessage(deps().db, id))

export const DELETE = onlyGet
export const OPTIONS = onlyGet
export const PATCH = onlyGet
export const POST = onlyGet
export const PUT = onlyGet
