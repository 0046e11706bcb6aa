import { signin } from '#lib/auth/signin'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { failed, signedIn } from '#lib/http/replies'
import { signinInput } from '#lib/schemas'

export const POST = post(signinInput, '/signin', async (input, caller) => {
  const result = await signin(deps(), input, caller)
  return result.ok ? signedIn(result.value, 'You are signed in.') : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
