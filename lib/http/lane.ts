/**
 * What is answered without Next. The API: the functions that the route files export, called straight from node:http. Next
 * adds 0.7 ms to a route, which is more than all that a session check does. And the files of the build, which Next would
 * compress anew for every visitor, by gzip alone.
 */
import { globSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { toNodeHandler } from 'srvx/node'
import { BODY_MAX_BYTES } from '../auth/policy.ts'
import { brokenMachinery } from './broken-machinery.ts'
import { onlyGet } from './refuse-method.ts'
import { requestIdOf } from './request-id.ts'
import { apiHeaders, problemResponse } from './respond.ts'
import { staticFiles } from './static-files.ts'

type Handler = (request: Request) => Promise<Response>
/** No route has OPTIONS, because none is for other sites: what refuses that refuses every method it does not have. */
type RouteFile = { [method: string]: Handler | undefined; OPTIONS: Handler }
type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Finds the handler of a request; null when it is Next's to answer. */
export type Lane = (request: Pick<IncomingMessage, 'url' | 'method'>) => Answer | null

const STATIC = '/_next/static/'

/** Loads every route below `root`, the folder of the project, and lists the files of its build. */
export async function openLane(root: string): Promise<Lane> {
  const routes = new Map<string, (method: string) => Answer>()
  for (const file of globSync(['app/**/route.ts', 'app/.*/**/route.ts'], { cwd: root })) {
    const route: RouteFile = await import(join(root, file))
    routes.set(`/${file.split(/[\\/]/u).slice(1, -1).join('/')}`, answersOf(route))
  }
  for (const [name, read] of staticFiles(join(root, '.next/static'))) {
    const file: Handler = async (request) => (await read(request)) ?? nowhere(request)
    routes.set(STATIC + name, answersOf({ GET: file, OPTIONS: onlyGet }))
  }
  const noFile = answersOf({ GET: nowhere, OPTIONS: onlyGet })
  return ({ url = '', method = '' }) => {
    // The path exactly as it was sent: whatever is spelt otherwise goes the way of every unknown page.
    const path = pathOf(url)
    const route = routes.get(path) ?? routes.get(path.replace(/[^/]+$/u, '[id]'))
    if (route) return route(method)
    // Next would show what lies beside the files too: the same, compressed.
    return path.startsWith(STATIC) ? noFile(method) : refusalBeforeNext(path, method)
  }
}

function answersOf(route: RouteFile): (method: string) => Answer {
  const handlers = Object.entries({ ...(route.GET && { HEAD: route.GET }), ...route })
  const answers = new Map(handlers.flatMap(([method, handler]) => (handler ? [[method, answerWith(handler)]] : [])))
  const refusal = answerWith(route.OPTIONS)
  return (method) => answers.get(method) ?? refusal
}

/** Where Next serves the routes too, for hot reload. It answers 500 to what is refused here. */
export const developmentLane: Lane = ({ url = '', method = '' }) => refusalBeforeNext(pathOf(url), method)

const READING = ['GET', 'HEAD']
const KNOWN_TO_NEXT = [...READING, 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Next fails at what is no path, at a method it does not know, and whenever somebody does anything but read a file of the build. */
function refusalBeforeNext(path: string, method: string): Answer | null {
  // "*", or a whole address, as proxies are asked: Next would lead there, wherever it is.
  if (/^[^/]/u.test(path)) return answerWith(nowhere)
  const possible = path.startsWith(STATIC) ? READING : KNOWN_TO_NEXT
  return possible.includes(method) ? null : answerWith(onlyGet)
}

const nowhere: Handler = async (request) => {
  const id = requestIdOf(request)
  return problemResponse({ code: 'not_found' }, id, apiHeaders(id))
}

const pathOf = (url: string) => url.split('?', 1)[0] ?? ''

function answerWith(handler: Handler): Answer {
  const answer = toNodeHandler((request) =>
    handler(request).catch((error: unknown) => unexpected(error, request)),
  ) as Answer
  return async (request, response) => {
    if (hasBody(request)) Object.assign(request, { rawBody: await readAtMost(request, BODY_MAX_BYTES + 1) })
    await answer(request, response)
  }
}

/** A handler keeps its failures to itself, so this is a bug. */
function unexpected(error: unknown, request: Request): Response {
  const id = requestIdOf(request)
  return problemResponse(brokenMachinery(error, id), id, apiHeaders(id))
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** No more than a route reads. The rest is read past: to cut a stream short would cut the connection, and the answer with it. */
async function readAtMost(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= limit) break
  }
  request.resume()
  return Buffer.concat(chunks)
}
