/**
 * `npm run sbom`: writes sbom.cdx.json, every package of production as CycloneDX, from the lock file alone, and compares the
 * two: a list that leaves a package out, or names another version or content, is worse than none.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { differences, productionOnly } from './sbom/production.mjs'

const ROOT = dirname(import.meta.dirname)
const SBOM = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only']

// As in audit.mjs: by path, because Windows starts no `npm` without a shell.
const [command, ...first] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
const npm = spawnSync(command, [...first, ...SBOM], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 })
if (npm.status !== 0) {
  process.stderr.write(npm.stderr ?? String(npm.error))
  process.exit(1)
}
const sbom = productionOnly(JSON.parse(npm.stdout))
writeFileSync(join(ROOT, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`)
const faults = differences(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')), sbom.components)
console.log(`sbom.cdx.json names ${sbom.components.length} packages of production.`)
for (const fault of faults) console.log(`Not as in the lock file: ${fault}`)
process.exitCode = faults.length === 0 ? 0 : 1
