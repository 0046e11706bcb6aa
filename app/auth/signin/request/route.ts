import { requestSignin } from '#lib/auth/request-signin'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { challengeSent, failed } from '#lib/http/replies'
import { requestSigninInput } from '#lib/schemas'

export const POST = post(requestSigninInput, '/signin', async (input, caller) => {
  const result = await requestSignin(deps(), input, caller)
  const message = 'If this address has an account, we sent it a code and a link to sign in with.'
  const to = { message, screen: '/verify', notice: 'code_sent' }
  return result.ok ? challengeSent(result.value, to) : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
