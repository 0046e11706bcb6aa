import {
  Body,
  Button,
  Column,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Link,
  Preview,
  Row,
  Section,
  Text,
} from '@react-email/components'
import { classes, css, styles } from './layout-styles.ts'
import type { LetterContent, Site } from './letter-content.ts'

/** Read in two halves and copied in one piece: the gap is a margin, not a character. */
function Code({ digits }: { digits: string }) {
  const half = digits.length / 2
  return (
    <Text className={classes.code} style={styles.code}>
      <span>{digits.slice(0, half)}</span>
      <span style={styles.codeGap}>{digits.slice(half)}</span>
    </Text>
  )
}

/** Out of the frame the mailbox shows a letter in; clients that show no frame open a window as they always do. */
const TARGET = '_top'

function MainLink({ intro, label, url }: LetterContent['links'][number]) {
  return (
    <Section>
      {intro && <Text style={styles.text}>{intro}</Text>}
      <Button className={classes.button} href={url} style={styles.button} target={TARGET}>
        {label}
      </Button>
      <Text className={classes.soft} style={styles.address}>
        <Link className={classes.link} href={url} style={styles.link} target={TARGET}>
          {url}
        </Link>
      </Text>
    </Section>
  )
}

function OtherLink({ intro, label, url }: LetterContent['links'][number]) {
  return (
    <Text style={styles.text}>
      {intro}{' '}
      <Link className={classes.link} href={url} style={styles.link} target={TARGET}>
        {label}
      </Link>
    </Text>
  )
}

function Footer({ site, to }: { site: Site; to: string }) {
  return (
    <Text className={classes.soft} style={styles.footer}>
      {site.name},{' '}
      <Link className={classes.soft} href={site.origin} style={styles.footerLink} target={TARGET}>
        {site.origin}
      </Link>
      <br />
      Sent to {to}.
    </Text>
  )
}

function Letter({ content }: { content: LetterContent }) {
  const [mainLink, ...otherLinks] = content.links
  return (
    <>
      <Heading as="h1" style={styles.heading}>
        {content.heading}
      </Heading>
      <Text style={styles.text}>{content.intro}</Text>
      {content.code && <Text style={styles.text}>{content.code.intro}</Text>}
      {content.code && <Code digits={content.code.digits} />}
      {mainLink && <MainLink {...mainLink} />}
      {otherLinks.map((link) => (
        <OtherLink key={link.url} {...link} />
      ))}
      {content.lifetime && <Text style={styles.text}>{content.lifetime}</Text>}
      <Hr className={classes.line} style={styles.line} />
      <Text className={classes.soft} style={styles.small}>
        {content.asker}
      </Text>
      <Text className={classes.soft} style={styles.small}>
        <strong>Not you?</strong> {content.notYou}
      </Text>
    </>
  )
}

/** The HTML part. No image, no font and no style comes from elsewhere, so opening it tells nobody anything. */
export function LetterLayout({ content, site, to }: { content: LetterContent; site: Site; to: string }) {
  return (
    <Html lang="en">
      <Head>
        <title>{content.subject}</title>
        <meta content="width=device-width, initial-scale=1" name="viewport" />
        <meta content="light dark" name="color-scheme" />
        <meta content="light dark" name="supported-color-schemes" />
        <style>{css}</style>
      </Head>
      <Body className={classes.page} style={styles.page}>
        <Preview>{content.preheader}</Preview>
        <Container style={styles.column}>
          <Text className={classes.name} style={styles.name}>
            <span className={classes.arch} style={styles.arch} /> {site.name}
          </Text>
          <Row className={classes.card} style={styles.card}>
            <Column className={classes.inside} style={styles.inside}>
              <Letter content={content} />
            </Column>
          </Row>
          <Footer site={site} to={to} />
        </Container>
      </Body>
    </Html>
  )
}
