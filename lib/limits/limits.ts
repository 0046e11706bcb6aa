import type { Db } from '#db/client'
import { forgetLimit, lowerLimit, readLimit, takeFromWindow, takeWithWaits } from '#db/queries/limits'
import type { LimitRule, Limits } from '../auth/deps.ts'
import { fail, ok } from '../auth/result.ts'

const MINUTE_SECONDS = 60

/** Seconds until `until`, rounded up to whole seconds below a minute and to whole minutes above: no exact clock leaks. */
export function roundedRetryAfter(until: number, now: number): number {
  const seconds = Math.max(1, Math.ceil((until - now) / 1000))
  return seconds <= MINUTE_SECONDS ? seconds : Math.ceil(seconds / MINUTE_SECONDS) * MINUTE_SECONDS
}

/** Budgets grow by `scale`, gaps and waits shrink by it. A budget of one is a gap: raising it would not make it shorter. */
function scaled(rule: LimitRule, scale: number): LimitRule {
  if ('waits' in rule)
    return { ...rule, free: rule.free * scale, waits: rule.waits.map((wait) => Math.ceil(wait / scale)) }
  return rule.max === 1
    ? { ...rule, window: Math.ceil(rule.window / scale) }
    : { ...rule, max: Math.ceil(rule.max * scale) }
}

/** Counters in the database, each raised and checked in one statement, so that requests side by side cannot slip past. */
export function makeLimits(db: Db, now: () => number, scale = 1): Limits {
  const takeOne = async (rule: LimitRule) => {
    const at = now()
    const take = await db.run((tx) => ('waits' in rule ? takeWithWaits(tx, rule, at) : takeFromWindow(tx, rule, at)))
    if (take === 'taken') return null
    const row = await db.run((tx) => readLimit(tx, rule.key))
    const retryAfter = roundedRetryAfter(('waits' in rule ? row?.blockedUntil : row?.windowEndsAt) ?? at, at)
    return fail({ code: 'rate_limited', retryAfter, spent: take === 'refused' ? rule.key : null } as const)
  }
  return {
    take: async (rules) => {
      for (const rule of rules) {
        const refused = await takeOne(scaled(rule, scale))
        if (refused) return refused
      }
      return ok(null)
    },
    giveBack: async (rules) => {
      for (const { key } of rules) await db.run((tx) => lowerLimit(tx, key))
    },
    forgetFailures: async (rules) => {
      for (const rule of rules) if ('waits' in rule) await db.run((tx) => forgetLimit(tx, rule.key))
    },
  }
}
