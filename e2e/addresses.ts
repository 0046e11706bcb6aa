import { globSync } from 'node:fs'
import { dirname } from 'node:path'

const APP_FOLDER = dirname(import.meta.dirname)

/** The paths at which files of app/ answer; of a document of the mailbox, one that is not there. Dot folders count. */
const pathsOf = (name: string) =>
  globSync([`app/**/${name}`, `app/.*/**/${name}`], { cwd: APP_FOLDER })
    .map((file) => file.replace(/^app|\/(?:page\.tsx|route\.ts)$|\/\([\w-]+\)/gu, '').replace('[id]', 'A'.repeat(22)))
    .map((path) => path || '/')
    .toSorted()

export const PAGE_PATHS = pathsOf('page.tsx')
export const ROUTE_PATHS = pathsOf('route.ts')
