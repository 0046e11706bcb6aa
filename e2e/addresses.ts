import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { readPage, sections } from '../test/docs/pages.ts'

const APP_FOLDER = dirname(import.meta.dirname)

/** The paths at which files of app/ answer; of a document of the mailbox, one that is not there. Dot folders count. */
const pathsOf = (name: string) =>
  globSync([`app/**/${name}`, `app/.*/**/${name}`], { cwd: APP_FOLDER })
    .map((file) => file.replace(/^app|\/(?:page\.tsx|route\.ts)$|\/\([\w-]+\)/gu, '').replace('[id]', 'A'.repeat(22)))
    .map((path) => path || '/')
    .toSorted()

export const PAGE_PATHS = pathsOf('page.tsx')
export const ROUTE_PATHS = pathsOf('route.ts')

const documented = [...sections(readPage('docs/api.md'), 3).keys()].map((title) =>
  title.replace('{id}', 'A'.repeat(22)),
)
/** The methods that docs/api.md gives the routes at this path, as `Allow` names them; none if it has no such route. */
export function methodsAt(path: string): string[] {
  const methods = documented.filter((title) => title.endsWith(` ${path}`)).map((title) => title.split(' ')[0] ?? '')
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
}
