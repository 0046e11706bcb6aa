import { join } from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  // No page needs /_next/image, which would fetch any path of this site for a stranger, and answers 500 for a page.
  images: { unoptimized: true },
  // `npm test` runs tsc over the whole project, tests included; checking twice would only slow `npm start` down.
  typescript: { ignoreBuildErrors: true },
  compiler: {
    runAfterProductionCompile: async ({ distDir }) => {
      const { compressStatic } = await import('./lib/http/compress-static.ts')
      await compressStatic(join(distDir, 'static'))
    },
  },
  // Native code, and code that starts worker threads from files, cannot be bundled.
  serverExternalPackages: [
    'better-sqlite3',
    'piscina',
    'pg',
    'pino',
    'nodemailer',
    'bcryptjs',
    // Megabytes of words that every route would otherwise carry a copy of.
    '@zxcvbn-ts/language-common',
    '@zxcvbn-ts/language-en',
  ],
}
