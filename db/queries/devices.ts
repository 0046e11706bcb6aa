import { and, desc, eq, gt, inArray, isNotNull, ne, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../client.ts'
import { prepared } from '../prepared.ts'
import { devices, users } from '../schema/tables.ts'

const ownersWithDevice = prepared(['emailKey', 'deviceHash'], (tx, { emailKey, deviceHash }) =>
  tx
    .select({ userId: devices.userId })
    .from(devices)
    .innerJoin(users, eq(users.id, devices.userId))
    .where(and(eq(users.emailKey, emailKey), isNotNull(users.verifiedAt), eq(devices.deviceHash, deviceHash))),
)

/** Whether this browser has signed in to the verified account of this address before, and not too many others since. */
export async function isKnownDevice(tx: Reader, emailKey: string, deviceHash: string) {
  return (await ownersWithDevice(tx, { emailKey, deviceHash })).length > 0
}

export async function rememberDevice(tx: Tx, device: typeof devices.$inferInsert) {
  await tx
    .insert(devices)
    .values(device)
    .onConflictDoUpdate({
      target: [devices.userId, devices.deviceHash],
      set: { lastSignedInAt: device.lastSignedInAt },
    })
}

/**
 * Forgets all browsers of an account but `deviceHash`, the one that signs in now, and those that signed in last: `keep` in
 * all. Those that did so later than `latest` are a wrong clock's and go first, or they would crowd out every other. At most
 * a thousand a call. Needs the account's row held.
 */
export async function forgetOldestDevices(tx: Tx, userId: string, deviceHash: string, keep: number, latest: number) {
  const wrong = sql`case when ${gt(devices.lastSignedInAt, latest)} then 1 else 0 end`
  const others = and(eq(devices.userId, userId), ne(devices.deviceHash, deviceHash))
  const surplus = tx
    .select({ deviceHash: devices.deviceHash })
    .from(devices)
    .where(others)
    .orderBy(wrong, desc(devices.lastSignedInAt), desc(devices.deviceHash))
    .limit(1_000)
    .offset(keep - 1)
  await tx.delete(devices).where(and(others, inArray(devices.deviceHash, surplus)))
}
