import { join } from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  typescript: { ignoreBuildErrors: true },
  // What Better Auth's own guide names for SQLite under Next: native code cannot be bundled.
  serverExternalPackages: ['better-sqlite3', 'bcryptjs'],
  // The packages are found further up: Next and the database driver are the project's own, at its versions.
  turbopack: { root: join(import.meta.dirname, '../../..') },
}
