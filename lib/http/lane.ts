/**
 * The API without Next: the functions that the route files export, called straight from node:http. Next adds 0.7 ms to a
 * route, which is more than all that a session check does.
 */
import { globSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { toNodeHandler } from 'srvx/node'
import { BODY_MAX_BYTES } from '../auth/policy.ts'
import { brokenMachinery } from './broken-machinery.ts'
import { requestIdOf } from './request-id.ts'
import { apiHeaders, problemResponse } from './respond.ts'

type Handler = (request: Request) => Promise<Response>
type RouteFile = Partial<Record<string, Handler>>
type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Finds the handler of a request; null when it is Next's to answer. */
export type Lane = (request: Pick<IncomingMessage, 'url' | 'method'>) => Answer | null

/** Loads every route of /auth and /health below `root`, the folder of the project. */
export async function openLane(root: string): Promise<Lane> {
  const files = globSync(['app/auth/**/route.ts', 'app/health/route.ts'], { cwd: root })
  const routes = new Map<string, Map<string, Answer>>()
  for (const file of files) {
    const route: RouteFile = await import(join(root, file))
    routes.set(`/${file.split(/[\\/]/u).slice(1, -1).join('/')}`, answersOf(route))
  }
  // The path exactly as it was sent: whatever is spelt otherwise goes the way of every unknown page.
  return ({ url = '', method = '' }) => routes.get(url.split('?', 1)[0] ?? '')?.get(method) ?? null
}

function answersOf(route: RouteFile): Map<string, Answer> {
  const handlers = Object.entries({ ...(route.GET && { HEAD: route.GET }), ...route })
  return new Map(handlers.flatMap(([method, handler]) => (handler ? [[method, answerWith(handler)]] : [])))
}

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
