import ipaddr from 'ipaddr.js'

/** What budgets count an address by. `wide` is the /48 of an IPv6 address. */
export interface Origin {
  key: string
  wide: string | null
}

const prefix = (address: ipaddr.IPv6, bits: number) =>
  `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`

/** An IPv4 address stands for itself; of IPv6 one household owns a /64. `::ffff:a.b.c.d` is a.b.c.d first of all. */
export function originOf(ip: string): Origin {
  if (!ipaddr.isValid(ip)) return { key: 'unknown', wide: null }
  const address = ipaddr.process(ip)
  if (address.kind() === 'ipv4') return { key: address.toString(), wide: null }
  return { key: prefix(address as ipaddr.IPv6, 64), wide: prefix(address as ipaddr.IPv6, 48) }
}
