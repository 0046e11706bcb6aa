import { requestVerification } from '#lib/auth/request-verification'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { challengeSent, failed } from '#lib/http/replies'
import { requestVerificationInput } from '#lib/schemas'

export const POST = post(requestVerificationInput, '/verify', async (input, caller) => {
  const result = await requestVerification(deps(), input, caller)
  const message = 'If this address has a sign-up waiting, we sent it a new code and a new link.'
  const to = { message, screen: '/verify', notice: 'code_sent' }
  return result.ok ? challengeSent(result.value, to) : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
