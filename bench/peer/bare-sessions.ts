/**
 * The floor of a session check: node:http, one prepared statement, one JSON answer. It reads the database of a running
 * Vestibule and asks it the same question, planned once as there (db/statements.ts). Arguments: the database's file, the port.
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import Sqlite from 'better-sqlite3'

const [file = '', port = ''] = process.argv.slice(2)
const sessionOfToken = new Sqlite(file, { readonly: true }).prepare(`
  SELECT users.id AS userId, users.email, users.verified_at AS verifiedAt, sessions.id, sessions.created_at AS createdAt,
    sessions.last_seen_at AS lastSeenAt, sessions.expires_at AS expiresAt
  FROM sessions JOIN users ON users.id = sessions.user_id
  WHERE sessions.token_hash = +? AND sessions.expires_at > ? AND users.disabled_at IS NULL`)

createServer((request, response) => {
  const token = /__Host-session=([\w-]{43})/u.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const found = sessionOfToken.get(createHash('sha256').update(token).digest('base64url'), Date.now())
  response.writeHead(found ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? null))
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
