export type SearchParams = Promise<Record<string, string | string[] | undefined>>

/** The first of what may be several. */
export const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value
