/**
 * The chance that a value of `left` lies below one of `right`, ties counting half: the Mann-Whitney U statistic over the
 * number of pairs. 0.5 when the two cannot be told apart.
 */
export function auc(left: number[], right: number[]): number {
  let wins = 0
  for (const a of left) for (const b of right) wins += a < b ? 1 : a === b ? 0.5 : 0
  return wins / (left.length * right.length)
}
