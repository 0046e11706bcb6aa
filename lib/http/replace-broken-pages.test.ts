import { once } from 'node:events'
import { createServer, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { DatabaseUnavailable } from '#db/outage'
import { noteOutage } from './page-in-making.ts'
import { replaceBrokenPages } from './replace-broken-pages.ts'

let server: Server
afterEach(() => server.close())

/** What a client gets of a server that answers so. */
async function answered(answer: RequestListener, method = 'GET') {
  const next = async (...asked: Parameters<RequestListener>) => answer(...asked)
  server = createServer((...asked) => void replaceBrokenPages(next, 'Ann & Co')(...asked)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const asked = request({ port, host: '127.0.0.1', method, headers: { 'x-request-id': '<id>', connection: 'close' } })
  const [response] = await once(asked.end(), 'response')
  return { status: response.statusCode, headers: response.headers, text: (await response.toArray()).join('') }
}

const HTML = 'text/html; charset=utf-8'

describe('a page that broke', () => {
  it.each<[string, RequestListener]>([
    [
      'in pieces, as Next does',
      (_, response) => {
        response.statusCode = 500
        response.setHeader('content-type', HTML)
        response.setHeader('set-cookie', 'flash=; Max-Age=0')
        response.setHeader('content-encoding', 'gzip')
        response.write('half a')
        response.write(' page')
        response.end('.')
      },
    ],
    ['with its head first', (_, response) => response.writeHead(500, { 'x-other': '1' }).end('Internal Server Error')],
    [
      'with nothing at all',
      (_, response) => {
        response.statusCode = 500
        response.end()
      },
    ],
  ])('is replaced whole: %s', async (_, answer) => {
    const { status, headers, text } = await answered(answer)
    expect(status).toBe(500)
    expect(text).toMatch(
      /^<!DOCTYPE html>.*Something went wrong · Ann &#38; Co<.*<code>&#60;id&#62;<\/code>.*<\/html>\n$/su,
    )
    expect(headers).toMatchObject({
      'content-length': String(Buffer.byteLength(text)),
      'content-type': HTML,
    })
    const nonce = /<style nonce="([\w-]{22})">/u.exec(text)?.[1]
    expect(headers['content-security-policy']).toMatch(
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'none'`,
    )
    for (const name of ['set-cookie', 'content-encoding', 'transfer-encoding']) expect(headers[name]).toBeUndefined()
  })

  it.each([
    [new DatabaseUnavailable(), 503, '5'],
    [new TypeError(), 500, undefined],
  ])('was not to be made for now, or not at all: %o', async (error, status, retryAfter) => {
    const answer = await answered(async (_, response) => {
      await Promise.reject(error)
        .catch(noteOutage)
        .catch(() => undefined)
      response.writeHead(500).end()
    })
    expect([answer.status, answer.headers['retry-after']]).toEqual([status, retryAfter])
    expect(answer.text).toMatch('Something went wrong')
  })

  it('has no body for HEAD', async () => {
    const { status, headers, text } = await answered((_, response) => response.writeHead(500).end(), 'HEAD')
    expect([status, headers['content-type'], text]).toEqual([500, HTML, ''])
  })
})

describe('what stays as it is', () => {
  it.each([
    [404, HTML],
    [200, HTML],
    [500, 'application/problem+json'],
    [503, 'text/x-component'],
  ])('%i %s', async (status, type) => {
    const answer = await answered((_, response) => {
      response.statusCode = status
      response.setHeader('content-type', type)
      response.setHeader('set-cookie', 'a=b')
      response.end('as it was')
    })
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([status, 'as it was', type])
    expect([answer.headers['content-length'], answer.headers['set-cookie']]).toEqual(['9', ['a=b']])
  })

  it('an answer in pieces', async () => {
    const { text } = await answered((_, response) => {
      response.setHeader('content-type', HTML)
      response.write('one, ')
      response.end('two')
    })
    expect(text).toBe('one, two')
  })
})
