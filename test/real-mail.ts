import { afterEach, beforeEach, vi } from 'vitest'

/** In each test around: the site sends real mail, and a module imported anew reads that setting. */
export function withRealMail(): void {
  beforeEach(() => {
    vi.stubEnv('MAIL_URL', 'smtp://mail.example.com')
    vi.stubEnv('MAIL_FROM', 'id@example.com')
    vi.resetModules()
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.resetModules()
  })
}
