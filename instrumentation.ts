/** Next calls this once, before the first request, in each process that serves. */
export async function register() {
  // Next asks in its edge runtime too, which has no database; it drops this block there, so the imports stay inside it.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const [{ migrate }, { deps }, { env }, { startJobs }, { log, logConsoleOnceListening }, { mailSender }] =
      await Promise.all([
        import('#db/migrate'),
        import('#lib/deps'),
        import('#lib/env'),
        import('#lib/jobs/start'),
        import('#lib/log'),
        import('#lib/mail/choose'),
      ])
    if (process.env.NODE_ENV === 'production') logConsoleOnceListening()
    const { appOrigin, database, eventsKeepDays, mail, mailFrom, siteName } = env()
    await migrate(database)
    const { db, now, random, secrets } = deps()
    startJobs({
      db,
      now,
      random,
      secrets,
      log,
      eventsKept: eventsKeepDays * 24 * 60 * 60 * 1000,
      mail: mailSender({ ...mail, from: mailFrom }, db, now),
      site: { name: siteName, origin: appOrigin },
    })
  }
}
