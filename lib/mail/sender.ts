/** One email, ready to go. `id` is the outbox row's and serves as idempotency key. */
export interface Mail {
  id: string
  to: string
  subject: string
  html: string
  text: string
}

/** `retry` false: the provider will never take this mail. `retryAfter`: seconds the provider asked us to wait. */
export type Delivery = { ok: true } | { ok: false; retry: boolean; reason: string; retryAfter?: number }

/** Where mail goes. Failures that can be foreseen are values; `send` throws for none of them. */
export interface MailSender {
  readonly transport: 'mailbox' | 'resend' | 'smtp'
  send(mail: Mail): Promise<Delivery>
}
