import { signup } from '#lib/auth/signup'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { challengeSent, failed } from '#lib/http/replies'
import { signupInput } from '#lib/schemas'

export const POST = post(signupInput, '/signup', async (input, caller) => {
  const result = await signup(deps(), input, caller)
  const message = 'Check your email: we sent a code and a link to finish signing up.'
  return result.ok ? challengeSent(result.value, { message, screen: '/verify' }, false) : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
