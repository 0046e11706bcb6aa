import type { Metadata } from 'next'
import { ButtonLink } from '#components/ui/button'
import { Card } from '#components/ui/card'

export const metadata: Metadata = { title: 'Page not found' }

export default function NotFound() {
  return (
    <Card title="There is no such page" lead="The address may be mistyped, or the page has moved.">
      <ButtonLink href="/">Go to the front hall</ButtonLink>
    </Card>
  )
}
