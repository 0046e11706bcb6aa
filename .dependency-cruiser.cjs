/**
 * The house: which folder may reach which, and why. `npm run boundaries` checks it, scripts/boundaries.test.ts shows that
 * the rules bite. Paths are regular expressions over files; a test may build what its folder may not.
 */
const TEST = '\\.test\\.tsx?$'
const NEXT = '^node_modules/(next|@next)/'
const REACT = '^node_modules/(react|react-dom|react-hook-form|@hookform|@react-email)/'
/** Packages that only one folder may hold. */
const npm = (...names) => `^node_modules/(${names.join('|')})/`
const WITH_TYPES = true

/** One row of the table: files of `from` may reach nothing of `to`, save for `except`. */
function never(name, from, to, comment, { except, fromExcept = [], types = WITH_TYPES } = {}) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from, pathNot: [TEST, ...fromExcept] },
    to: { path: to, ...(except && { pathNot: except }), ...(!types && { dependencyTypesNot: ['type-only'] }) },
  }
}

/** What a file of `from` reaches, over however many steps. */
function neverReaches(name, from, to, comment, { fromExcept = [] } = {}) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from, pathNot: [TEST, ...fromExcept] },
    to: { path: to, reachable: true },
  }
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that leads nowhere fails when it is first reached.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-package-in-the-app',
      comment: 'What serves requests must work where only `dependencies` are installed.',
      severity: 'error',
      from: { path: '^(app|components|db|lib|server\\.ts|instrumentation\\.ts|proxy\\.ts)', pathNot: [TEST] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
    {
      name: 'no-test-outside-tests',
      comment: 'What helps tests must not reach production.',
      severity: 'error',
      from: { path: '^(app|components|db|lib|server\\.ts|instrumentation\\.ts|proxy\\.ts)', pathNot: [TEST] },
      to: { path: ['^(test|e2e|bench|scripts)/', TEST] },
    },

    never(
      'routes-are-thin',
      '^app/(auth|health|mailbox/messages|\\.well-known)/',
      ['^(app|components|db|e2e)/', '^lib/', NEXT, REACT, npm('bcryptjs', 'resend', 'drizzle-orm')],
      'A route turns a Request into a verb and its Result into a Response, and plain Node can call it: web standards, no Next.',
      { except: '^lib/(http|auth|mail/mailbox)|^lib/(schemas|deps|env)\\.ts$|^db/queries/health\\.ts$' },
    ),
    never(
      'screens-show',
      '^app/(?!auth/|health/|mailbox/messages/|\\.well-known/)',
      ['^db/', '^lib/', npm('bcryptjs', 'resend', 'drizzle-orm', 'better-sqlite3', 'pg')],
      'A page lays out and redirects. It writes nothing: forms post to the routes, so that there is one door.',
      { except: '^lib/http/(page-[\\w-]+|next-path|flash)\\.ts$|^lib/schemas\\.ts$|^lib/auth/policy\\.ts$' },
    ),
    never(
      'components-run-in-the-browser',
      '^components/',
      [
        '^(app|db|lib|e2e)/',
        '^(server|instrumentation|proxy)\\.ts$',
        npm('bcryptjs', 'resend', 'drizzle-orm', 'better-sqlite3', 'pg', 'pino'),
      ],
      'Whatever a component imports is sent to the browser: shapes and messages may be, the server may not.',
      { except: '^lib/(schemas|api-client)\\.ts$' },
    ),
    neverReaches(
      'browser-reaches-no-server-code',
      '^components/',
      ['^db/', '^lib/(http|mail|passwords|limits|jobs)/', '^lib/(deps|env|settings|log|secrets)\\.ts$'],
      'The same over any number of steps: one careless import would ship the server to the browser, or break the build.',
    ),
    never(
      'schemas-are-shared',
      '^lib/schemas\\.ts$',
      ['^(app|components|db|e2e|lib)/', '^node_modules/', '^(node:)?(fs|path|crypto|os|process)$'],
      'The one file that browser and server share knows neither: shapes, words and zod.',
      { except: ['^lib/auth/policy\\.ts$', '^node_modules/zod/'] },
    ),

    never(
      'domain-is-free-of-frameworks',
      '^lib/auth/',
      ['^(app|components|e2e)/', '^lib/', NEXT, REACT, npm('bcryptjs', 'resend', 'nodemailer', 'pino', 'piscina')],
      'A verb decides. What it needs from outside comes in as Deps, so that it runs with a fixed clock in any test.',
      { except: ['^lib/auth/', '^lib/schemas\\.ts$'] },
    ),
    never(
      'domain-asks-through-queries',
      '^lib/auth/',
      ['^db/', npm('drizzle-orm', 'better-sqlite3', 'pg')],
      'Every SQL statement stands in db/queries, where both databases are tested.',
      { except: '^db/queries/', types: false },
    ),
    neverReaches(
      'domain-reaches-no-framework',
      '^lib/auth/',
      ['^node_modules/(next|react|react-dom|bcryptjs|resend)/'],
      'The same over any number of steps.',
    ),

    never(
      'http-speaks-web-standards',
      '^lib/http/',
      [NEXT, REACT],
      'Request in, Response out, so that tests and scripts call the very functions that Next does.',
      { fromExcept: ['^lib/http/page-[\\w-]+\\.ts$'] },
    ),
    never(
      'http-holds-no-data',
      '^lib/http/',
      ['^(db|app|components|e2e)/', '^lib/(mail|passwords|limits|jobs)/', npm('bcryptjs', 'resend', 'drizzle-orm')],
      'Headers, cookies and statuses; what they are about is the business of lib/auth. Pages read the embedded mailbox here.',
      { except: ['^lib/mail/mailbox\\.ts$'] },
    ),
    ...['mail', 'passwords', 'limits'].map((folder) =>
      never(
        `${folder}-touches-one-thing`,
        `^lib/${folder}/`,
        ['^(app|components|e2e)/', '^lib/(auth|mail|passwords|limits|jobs|http)/', NEXT],
        'Each of these folders holds one outside thing and knows nothing of the others, so that each can be replaced alone.',
        { except: [`^lib/${folder}/`, '^lib/auth/(deps|letters|result|policy)\\.ts$'] },
      ),
    ),
    never(
      'mail-knows-letters-by-type',
      '^lib/mail/',
      ['^lib/auth/(letters|deps)\\.ts$'],
      'The domain says what a letter holds; the templates only read it.',
      { types: false },
    ),
    never(
      'jobs-know-no-requests',
      '^lib/jobs/',
      ['^(app|components|e2e)/', '^lib/http/', NEXT, REACT],
      'A job runs on a timer, in whichever process: there is no request, no page and no Next.',
    ),
    never(
      'worker-hashes-and-nothing-else',
      '^lib/passwords/worker\\.ts$',
      ['^(app|components|db|lib|e2e)/', '^node_modules/'],
      'It is loaded once a core and handles passwords: bcryptjs and nothing else.',
      { except: '^node_modules/bcryptjs/' },
    ),

    never(
      'queries-are-statements',
      '^db/queries/',
      [
        '^(app|components|lib|e2e)/',
        '^db/(client|hold|open-\\w+|migrate)\\.ts$',
        '^db/schema/(sqlite|postgres)\\.ts$',
        npm('better-sqlite3', 'pg'),
      ],
      'A query is given its Tx and the time: no clock, no connection, no transaction of its own, one text for both databases.',
      { types: false },
    ),
    never(
      'database-knows-no-app',
      '^db/',
      ['^(app|components|e2e)/', '^lib/', NEXT, REACT],
      'The data outlives every screen. Only types may come down from the rooms above.',
      { types: false },
    ),
    {
      ...never(
        'one-place-for-next-headers',
        '^(lib|db)/',
        '^node_modules/next/',
        'Only the session of a page is read from Next.',
      ),
      from: { path: '^(lib|db)/', pathNot: [TEST, '^lib/http/page-[\\w-]+\\.ts$'] },
    },
    {
      name: 'one-file-per-package',
      comment: 'Each of these packages is used in one place, so that replacing it is one change.',
      severity: 'error',
      from: { path: '^(app|components|db|lib)/', pathNot: [TEST, '^lib/mail/', '^lib/passwords/', '^lib/limits/'] },
      to: { path: npm('resend', 'nodemailer', 'bcryptjs', 'piscina') },
    },
    neverReaches(
      'node-runs-it-without-a-bundler',
      '^(app/(auth|health|mailbox/messages|\\.well-known)/|lib/auth/|lib/passwords/|db/|server\\.ts$)',
      '^(app|components|db|lib)/.*\\.tsx$',
      'Node strips types and knows no JSX: routes, verbs, queries, workers and server.ts are called by plain Node. Mail templates are reached from the jobs alone.',
    ),

    never(
      'e2e-sees-what-a-person-sees',
      '^e2e/',
      [
        '^(app|components|db|lib)/',
        '^(server|instrumentation|proxy)\\.ts$',
        npm('better-sqlite3', 'pg', 'drizzle-orm'),
      ],
      'A journey that reads the database proves nothing about the browser and the mailbox. Races count what no answer tells.',
      { except: '^lib/schemas\\.ts$', fromExcept: ['^e2e/records\\.ts$'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|data|db/migrations)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json'],
    },
  },
}
