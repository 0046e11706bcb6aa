import { signout } from '#lib/auth/signout'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { signedOut } from '#lib/http/replies'
import { signoutInput } from '#lib/schemas'

export const POST = post(signoutInput, '/account', async (input, caller) => {
  await signout(deps(), input, caller)
  return signedOut(input.everywhere ? 'You are signed out on every device.' : 'You are signed out.')
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
