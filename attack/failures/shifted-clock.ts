/**
 * Loaded into the app by `--import`: `Date` runs as many milliseconds ahead as the file named by CLOCK_SHIFT_FILE says, so
 * that a clock can be set wrong and right again under a running server, and no other process's with it.
 */
import { readFileSync } from 'node:fs'

const file = process.env.CLOCK_SHIFT_FILE ?? ''
const READ_EVERY_MS = 20
const RealDate = Date
let shift = 0
let readAt = Number.NEGATIVE_INFINITY

function now(): number {
  if (performance.now() - readAt > READ_EVERY_MS) {
    readAt = performance.now()
    shift = Number(readFileSync(file, 'utf8'))
  }
  return RealDate.now() + shift
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
  get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
})
