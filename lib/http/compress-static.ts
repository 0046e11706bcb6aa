import { globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const COMPRESSED = '{chunks,media}/**/*.{js,css,svg}'

/**
 * Writes `x.js.br` and `x.js.gz` beside each `x.js` of a finished build, for static-files.ts: once and as small as it goes,
 * where a server that compresses each answer has to be quick.
 */
export async function compressStatic(folder: string): Promise<void> {
  await Promise.all(
    globSync(COMPRESSED, { cwd: folder }).map(async (name) => {
      const file = join(folder, name)
      const bytes = await readFile(file)
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      }
      await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params }))
      await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }))
    }),
  )
}
