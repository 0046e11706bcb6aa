import { domainToUnicode } from 'node:url'
import { type Database, openDatabase } from '#db/client'
import type { Deps } from './auth/deps.ts'
import { loadSecret } from './data-dir.ts'
import { env } from './env.ts'
import { makeLimits } from './limits/limits.ts'
import { makeOutbox } from './mail/outbox.ts'
import { makeHasher } from './passwords/hasher.ts'
import { systemRandom } from './random.ts'
import { makeSecrets } from './secrets.ts'

/** What a running server has: what the verbs need, and the end of it. */
export interface App extends Deps {
  db: Database
  close(): Promise<void>
}

function build(): App {
  const settings = env()
  const secret = loadSecret(settings)
  const previousSecret = settings.authSecretPrevious
  const now = Date.now
  const db = openDatabase(settings.database)
  const secrets = makeSecrets(secret, previousSecret)
  const { bcryptCost: cost, hashThreads: threads, hashQueue: queue } = settings
  const passwords = makeHasher({ cost, secret, previousSecret, threads, queue })
  return {
    db,
    now,
    random: systemRandom,
    passwords,
    limits: makeLimits(db, now, settings.limitScale),
    secrets,
    outbox: makeOutbox({ secrets, random: systemRandom, now }),
    settings: {
      passwordMinLength: settings.passwordMinLength,
      siteName: settings.siteName,
      siteHost: domainToUnicode(new URL(settings.appOrigin).hostname),
    },
    close: async () => {
      await passwords.close()
      await db.close()
    },
  }
}

// Next's bundles and plain Node each load their own copy of every module, so a module-level variable would be several: a
// second hash pool, and a second SQLite connection in one thread, which blocks it until the busy timeout ends.
const KEY = Symbol.for('vestibule.deps')
type Shared = typeof globalThis & { [KEY]?: App }

/** The composition root: builds everything once per process. Throws a SettingsError when a setting is wrong. */
export function deps(): App {
  const shared = globalThis as Shared
  shared[KEY] ??= build()
  return shared[KEY]
}
