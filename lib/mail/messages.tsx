import { render } from '@react-email/render'
import type { Letter } from '../auth/letters.ts'
import { LetterLayout } from './layout.tsx'
import { letterContent, type Site } from './letter-content.ts'
import { plainText } from './plain-text.ts'
import type { Mail } from './sender.ts'

/** One letter as subject, HTML and text. The same letter always gives the same bytes, so a retry is the same mail. */
export async function renderLetter(letter: Letter, site: Site, to: string): Promise<Omit<Mail, 'id' | 'to'>> {
  const content = letterContent(letter, site)
  return {
    subject: content.subject,
    html: await render(<LetterLayout content={content} site={site} to={to} />),
    text: plainText(content, site, to),
  }
}
