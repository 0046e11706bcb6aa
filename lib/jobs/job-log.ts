/** What the jobs need of lib/log.ts. Ids, template names, counts and reasons go in; addresses and letters do not. */
export interface JobLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
