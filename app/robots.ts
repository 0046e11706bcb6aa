import type { MetadataRoute } from 'next'

/** Nothing here is worth finding but the front hall itself. */
export default function robots(): MetadataRoute.Robots {
  return { rules: { userAgent: '*', allow: '/$', disallow: '/' } }
}
