import { changePassword } from '#lib/auth/change-password'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { failed, signedIn } from '#lib/http/replies'
import { changePasswordInput } from '#lib/schemas'

export const POST = post(changePasswordInput, '/account/password', async (input, caller) => {
  const result = await changePassword(deps(), input, caller)
  const message = 'Your password is changed. You stay signed in here; every other browser is signed out.'
  const to = { screen: '/account', notice: 'password_changed' }
  return result.ok ? signedIn(result.value, message, to) : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
