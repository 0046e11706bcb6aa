import { rejectSignup } from '#lib/auth/reject-signup'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { done, failed } from '#lib/http/replies'
import { rejectInput } from '#lib/schemas'

export const POST = post(rejectInput, '/verify', async (input, caller) => {
  const result = await rejectSignup(deps(), input, caller)
  const message = 'Thank you. The sign-up with your address is deleted, and its links are dead.'
  return result.ok ? done(message, { screen: '/signup', notice: 'signup_rejected' }) : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
