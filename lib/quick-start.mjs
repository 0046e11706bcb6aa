/**
 * Loaded before server.ts (`--import`, see package.json), so that a process answers sooner and needs less memory. Without it all
 * works alike. `npm run bench:cost` prints what a start takes. Plain JavaScript: the cache keeps TypeScript without its types, so
 * that Node need not even load what takes them away.
 */
import { enableCompileCache, registerHooks } from 'node:module'
import { join } from 'node:path'

// Beside the build and trusted no less: whoever can write there can change the code itself. Where nobody can, there is no cache.
enableCompileCache(join(import.meta.dirname, '../.next/cache/compiled'))

const PACKAGE = 'drizzle-orm'
const INSIDE = `/node_modules/${PACKAGE}/`
/** @type {Map<string, import('node:module').ResolveFnOutput>} */
const known = new Map()

// For each module Node takes the package.json above it apart anew, to learn how the file is to be read
// (https://github.com/nodejs/node/issues/58126). That of this package has 179 kB, and 144 of its modules are loaded.
registerHooks({
  resolve(specifier, context, next) {
    // One file names another of its package by the whole path, and both are read alike.
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.includes(INSIDE))
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
    if (!specifier.startsWith(PACKAGE)) return next(specifier, context)
    const found = known.get(specifier) ?? { ...next(specifier, context), shortCircuit: true }
    known.set(specifier, found)
    return found
  },
})
