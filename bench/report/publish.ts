/**
 * Writes one result where readers look for it: its section of docs/benchmarks.md, with the table and a plot beside it.
 * Every number in that document comes through here, so that none is typed by hand.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { init } from 'echarts'

const DOCS = join(import.meta.dirname, '../../docs')
const PAGE = join(DOCS, 'benchmarks.md')

export interface Result {
  /** Marks the section: `<!-- begin:ID -->` to `<!-- end:ID -->` stand in docs/benchmarks.md, where its place is. */
  id: string
  /** What a reader types to measure it again. */
  command: string
  head: string[]
  rows: (string | number)[][]
  /** What the figures were held to, as sentences: "1.91, at least 1.8 was to be reached". */
  findings: string[]
  plot?: { /** As echarts takes it. */ option: object; alt: string; width?: number; height?: number }
}

/** Throws when the page has no place for it. */
export function publish(result: Result): void {
  const { id, command, head, rows, findings, plot } = result
  const page = readFileSync(PAGE, 'utf8')
  const [begin, end] = [`<!-- begin:${id} -->`, `<!-- end:${id} -->`]
  if (!page.includes(begin) || !page.includes(end))
    throw new Error(`docs/benchmarks.md has no "${begin}" and "${end}".`)
  if (plot) {
    mkdirSync(join(DOCS, 'benchmarks'), { recursive: true })
    writeFileSync(join(DOCS, 'benchmarks', `${id}.svg`), draw(plot))
  }
  const section = [
    begin,
    `Printed by \`${command}\` on ${new Date().toISOString().slice(0, 10)}, ${machine()}.`,
    '',
    row(head),
    row(head.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(row),
    '',
    ...findings.map((finding) => `- ${finding}`),
    ...(plot ? ['', `![${plot.alt}](benchmarks/${id}.svg)`] : []),
    end,
  ]
  const before = page.slice(0, page.indexOf(begin))
  const after = page.slice(page.indexOf(end) + end.length)
  writeFileSync(PAGE, before + section.join('\n') + after)
}

const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`

const machine = () =>
  `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unnamed kind'}, Node ${process.versions.node}`

/** On white, with a frame: the page is read on dark screens too, where bare strokes would vanish. */
function draw({ option, width = 720, height = 360 }: NonNullable<Result['plot']>): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ animation: false, backgroundColor: '#ffffff', textStyle: { fontFamily: 'sans-serif' }, ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
