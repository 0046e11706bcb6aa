/** The scripts, styles and pictures of the build, as compress-static.ts left them. */
import { globSync } from 'node:fs'
import { staticMiddleware } from 'srvx/static'
import { hstsHeaders } from './hsts.ts'

/** A name holds the hash of what is in the file, so that no browser ever has to ask for it again. */
const FOR_GOOD = 'public, max-age=31536000, immutable'

type Read = (request: Request) => Promise<Response | null>

/** By the name of each file below `folder`, as `chunks/x.js`: what answers GET and HEAD of it, with null when it is gone. */
export function staticFiles(folder: string): Map<string, Read> {
  const read = staticMiddleware({ dir: folder, encodings: true, compress: false, ranges: false })
  const gone = new Response(null, { status: 404 })
  const names = globSync('**/*.{js,css,svg,ico,woff2}', { cwd: folder }).map((name) => name.replaceAll('\\', '/'))
  return new Map(
    names.map((name): [string, Read] => [
      name,
      async ({ url, method, headers }) => {
        const response = await read(new Request(new URL(`/${name}`, url), { method, headers }), () => gone)
        if (response === gone) return null
        for (const [header, value] of [
          ['cache-control', FOR_GOOD],
          ['x-content-type-options', 'nosniff'],
          ...hstsHeaders(),
        ] as const)
          response.headers.set(header, value)
        return response
      },
    ]),
  )
}
