import { previewChallenge } from '#lib/auth/preview-challenge'
import { deps } from '#lib/deps'
import { post } from '#lib/http/post'
import { onlyPost } from '#lib/http/refuse-method'
import { failed, previewed } from '#lib/http/replies'
import { previewInput } from '#lib/schemas'

export const POST = post(previewInput, '/magic-link', async (input, caller) => {
  const result = await previewChallenge(deps(), input, caller)
  return result.ok ? previewed(result.value) : failed(result.failure)
})

export const DELETE = onlyPost
export const GET = onlyPost
export const HEAD = onlyPost
export const OPTIONS = onlyPost
export const PATCH = onlyPost
export const PUT = onlyPost
