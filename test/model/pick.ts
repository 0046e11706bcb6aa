/** One of a list by any number; the list is not empty. */
export const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T
