// What docs/api.md uses of curl, for machines without it: -s, -i, -b and -c JAR, -H, -d and -X, through fetch.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    include: { type: 'boolean', short: 'i' },
    cookie: { type: 'string', short: 'b' },
    'cookie-jar': { type: 'string', short: 'c' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd', multiple: true },
    request: { type: 'string', short: 'X' },
  },
})
const jar = values['cookie-jar']
const cookies = new Map<string, string>(jar && existsSync(jar) ? JSON.parse(readFileSync(jar, 'utf8')) : [])

const body = values.data?.join('&')
const headers = new Headers(values.header.map((line) => line.split(': ', 2) as [string, string]))
if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded')
if (values.cookie) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
const method = values.request ?? (body === undefined ? 'GET' : 'POST')
const init = { method, headers, redirect: 'manual', ...(body !== undefined && { body }) } as const
const response = await fetch(positionals[0] ?? '', init)

for (const cookie of response.headers.getSetCookie()) {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(cookie) ?? []
  if (/Max-Age=0/u.test(cookie)) cookies.delete(name)
  else cookies.set(name, value)
}
if (jar) writeFileSync(jar, JSON.stringify([...cookies]))
const head = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
if (values.include) process.stdout.write(`HTTP/1.1 ${response.status}\r\n${head}\r\n`)
process.stdout.write(await response.text())
