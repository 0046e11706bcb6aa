import { verify } from '#lib/auth/verify'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { failed, signedIn } from '#lib/http/replies'
import { verifyInput } from '#lib/schemas'

export const POST = post(verifyInput, '/verify', async (input, caller) => {
  const result = await verify(deps(), input, caller)
  return result.ok ? signedIn(result.value, 'You are signed in.') : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
