/** The port, and what is said about it at the start. */
import { createServer, type Server } from 'node:net'
import { type Env, SettingsError } from './env.ts'

/** Throws a SettingsError that says how to mend it when the address cannot be listened on. */
export function listen(server: Server, { host, port }: Env): Promise<void> {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use: stop what uses it, or set PORT to another.`,
    EACCES: `Port ${port} may not be opened by this user: set PORT to one from 1024 up.`,
    EADDRNOTAVAIL: `HOST ${host} is no address of this machine: set it to one that is, or leave it out.`,
    ENOTFOUND: `HOST ${host} cannot be found: set it to an address of this machine, or leave it out.`,
  }
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const sentence = sentences[error.code ?? '']
      reject(sentence ? new SettingsError([sentence]) : error)
    })
    server.listen(port, host, resolve)
  })
}

/** Asks for the port and gives it back, so that a port in use is said once, before any process is started for it. */
export async function askForPort(settings: Env): Promise<void> {
  const probe = createServer()
  await listen(probe, settings)
  await new Promise((closed) => probe.close(closed))
}

/** For the person who started it. */
export function banner({ appOrigin, database, mail, host, port }: Env): string {
  const local = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const where = database.kind === 'sqlite' ? database.file : `Postgres at ${new URL(database.url).host}`
  const lines = [
    ['App', `${appOrigin}${new URL(appOrigin).port === String(port) ? '' : ` (listening on ${local})`}`],
    ...(mail.kind === 'mailbox' ? [['Mailbox', `${appOrigin}/mailbox (no real mail is sent: see MAIL_URL)`]] : []),
    ['Data', where],
  ]
  return ['', '  Vestibule is ready.', '', ...lines.map(([name, text]) => `  ${name?.padEnd(9)}${text}`), '', ''].join(
    '\n',
  )
}
