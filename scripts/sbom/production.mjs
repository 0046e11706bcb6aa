const isForDevelopment = ({ properties }) =>
  properties?.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true') ?? false

/**
 * A CycloneDX list of everything, without what only development installs. Done here because `npm sbom --omit=dev` also leaves
 * out what production needs when something of development needs it too, `pg` and `zod` among them (npm/cli#7909).
 */
export function productionOnly(sbom) {
  const dropped = new Set(sbom.components.filter(isForDevelopment).map((component) => component['bom-ref']))
  return {
    ...sbom,
    components: sbom.components.filter((component) => !dropped.has(component['bom-ref'])),
    dependencies: sbom.dependencies
      .filter(({ ref }) => !dropped.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((needed) => !dropped.has(needed)) })),
  }
}

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
const hexOf = (integrity) => integrity && Buffer.from(integrity.replace(/^sha512-/u, ''), 'base64').toString('hex')

/**
 * What a lock file and the components of such a list say differently of production, one sentence each. A package may be
 * installed in several places; what counts is its name, its version and its content.
 * @param {{ packages: Record<string, { version: string, dev?: boolean, integrity?: string }> }} lock
 * @param {{ name: string, version: string, hashes?: { content: string }[] }[]} components
 * @returns {string[]}
 */
export function differences(lock, components) {
  const listed = new Map(components.map(({ name, version, hashes }) => [`${name}@${version}`, hashes?.[0]?.content]))
  const production = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev)
  const locked = new Map(
    production.map(([path, { version, integrity }]) => [`${nameOf(path)}@${version}`, hexOf(integrity)]),
  )
  const missing = [...locked.keys()].filter((key) => !listed.has(key))
  const foreign = [...listed.keys()].filter((key) => !locked.has(key))
  const changed = [...locked].filter(([key, hash]) => listed.has(key) && listed.get(key) !== hash)
  return [
    ...missing.map((key) => `${key} is not in the list.`),
    ...foreign.map((key) => `${key} is not in the lock file.`),
    ...changed.map(([key]) => `${key} has another content.`),
  ]
}
