import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Finding, findingsOf } from './finding.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const { ok, wrong } = findingsOf('versions')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** Below these versions there are known holes. */
export const SECURITY_FLOORS = { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1', 'drizzle-orm': '0.45.2' }

const numbers = (version: string) => version.split('-')[0]?.split('.').map(Number) ?? []

/** Part by part; a pre-release is below its release. */
export function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [numbers(version), numbers(floor)]
  const at = want.findIndex((part, index) => have[index] !== part)
  return at === -1 ? !version.includes('-') : (have[at] ?? 0) > (want[at] ?? 0)
}

/** Null when it is not installed. */
function installedVersion(name: string): string | null {
  try {
    return JSON.parse(read(join('node_modules', name, 'package.json'))).version
  } catch {
    return null
  }
}

/** Whether Node and the packages are the ones this version of Vestibule was tested with, and none has a known hole. */
export function checkVersions(node = process.versions.node, versionOf = installedVersion): Finding[] {
  const wantedNode = read('.nvmrc').trim()
  const findings = isAtLeast(node, wantedNode)
    ? []
    : [wrong(`Node is ${node}: start with "npm start", which brings ${wantedNode}, or install that.`)]
  for (const [name, floor] of Object.entries(SECURITY_FLOORS)) {
    const version = versionOf(name)
    if (version === null) findings.push(wrong(`${name} is not installed: run "npm ci".`))
    else if (!isAtLeast(version, floor))
      findings.push(wrong(`${name} ${version} has known holes: run "npm ci", which installs ${floor} or newer.`))
  }
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  const drifted = Object.keys(dependencies).filter((name) => versionOf(name) !== dependencies[name])
  if (findings.length === 0 && drifted.length > 0)
    findings.push(wrong(`${drifted.join(', ')}: not the version of package.json: run "npm ci".`))
  return findings.length > 0 ? findings : [ok(`Node ${node} and every package is the one of package.json.`)]
}
