import type { Db, Tx } from '#db/client'
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

/**
 * Counters in the database, each raised and checked in one statement, so that requests side by side cannot slip past. What
 * one act takes is one transaction: a commit waits for the disk, and every further one would hold up everybody else. Acts that
 * share counters name them in the same order (lib/auth/budgets.ts), so none can wait for another in a circle.
 */
export function makeLimits(db: Db, now: () => number, scale = 1): Limits {
  const takeOne = async (tx: Tx, rule: LimitRule) => {
    const at = now()
    const take = 'waits' in rule ? await takeWithWaits(tx, rule, at) : await takeFromWindow(tx, rule, at)
    if (take === 'taken') return null
    const row = await readLimit(tx, rule.key)
    const retryAfter = roundedRetryAfter(('waits' in rule ? row?.blockedUntil : row?.windowEndsAt) ?? at, at)
    return fail({ code: 'rate_limited', retryAfter, spent: take === 'refused' ? rule.key : null } as const)
  }
  const takeWithin: Limits['takeWithin'] = async (tx, rules) => {
    for (const rule of rules) {
      const refused = await takeOne(tx, scaled(rule, scale))
      if (refused) return refused
    }
    return ok(null)
  }
  return {
    take: (rules) => db.transaction((tx) => takeWithin(tx, rules)),
    takeWithin,
    giveBack: async (tx, rules) => {
      for (const { key } of rules) await lowerLimit(tx, key)
    },
    forgetFailures: async (tx, rules) => {
      let forgotten = 0
      for (const rule of rules) if ('waits' in rule) forgotten += await forgetLimit(tx, rule.key)
      return forgotten
    },
  }
}
