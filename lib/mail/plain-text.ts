import type { LetterContent, Site } from './letter-content.ts'

/** The text part: the code and each link alone on a line, so that a double or triple click takes all of it. */
export function plainText(content: LetterContent, site: Site, to: string): string {
  const code = content.code ? [content.code.intro, content.code.digits] : []
  const links = content.links.flatMap(({ intro, label, url }) => [intro ?? `${label}:`, url])
  const paragraphs = [
    content.heading,
    content.intro,
    ...code,
    ...links,
    ...(content.lifetime ? [content.lifetime] : []),
    content.asker,
    `Not you? ${content.notYou}`,
    // The signature separator of RFC 3676, with its trailing space.
    `-- \n${site.name}, ${site.origin}\nSent to ${to}.`,
  ]
  return `${paragraphs.join('\n\n')}\n`
}
