import { resetPassword } from '#lib/auth/reset-password'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { done, failed } from '#lib/http/replies'
import { resetInput } from '#lib/schemas'

export const POST = post(resetInput, '/reset/new', async (input, caller) => {
  const result = await resetPassword(deps(), input, caller)
  const message = 'Your password is changed and every session has ended. Sign in with the new password.'
  return result.ok ? done(message, { screen: '/signin', notice: 'password_changed' }) : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
