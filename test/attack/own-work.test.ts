import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { OWN_WORK_BELOW_MS, ownWork } from './own-work.ts'

test('work is seen, and waiting is not', async () => {
  const busy = await ownWork(async () => {
    const from = process.cpuUsage()
    while (process.cpuUsage(from).user < OWN_WORK_BELOW_MS * 1000);
    return 'done'
  })
  expect(busy.result).toBe('done')
  expect(busy.milliseconds).toBeGreaterThanOrEqual(OWN_WORK_BELOW_MS)
  expect((await ownWork(() => wait(OWN_WORK_BELOW_MS * 2))).milliseconds).toBeLessThan(OWN_WORK_BELOW_MS)
})
