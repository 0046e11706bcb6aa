import ts from 'typescript'

// What the tests of a file are called, read from its syntax: a text that merely stands somewhere in the file is no title.

const ROOTS = ['test', 'it', 'describe']
/** `%s` and its like; a name of a case follows `$`. */
const PLACEHOLDER = /%[sdifjoc]|\$(?!\{)[\w.]+/gu

/** `test` of `test(…)`, of `test.each(…)(…)` and of `test.describe(…)`. */
function rootOf(expression: ts.Expression): string {
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) return rootOf(expression.expression)
  return ts.isIdentifier(expression) ? expression.text : ''
}

const isText = (node: ts.Node | undefined): node is ts.StringLiteralLike | ts.TemplateExpression =>
  node !== undefined && (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node))

/** As it is written, between its quotes. */
const written = (node: ts.StringLiteralLike | ts.TemplateExpression) => node.getText().slice(1, -1)

/** The array itself, or the one that a constant of the file names. */
function arrayOf(node: ts.Expression, constants: Map<string, ts.Expression>): ts.ArrayLiteralExpression | null {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return arrayOf(node.expression, constants)
  if (ts.isArrayLiteralExpression(node)) return node
  const named = ts.isIdentifier(node) && constants.get(node.text)
  return named ? arrayOf(named, constants) : null
}

function constantsIn(node: ts.Node): [string, ts.Expression][] {
  const found: [string, ts.Expression][] = []
  const visit = (each: ts.Node) => {
    if (ts.isVariableDeclaration(each) && each.initializer) found.push([each.name.getText(), each.initializer])
    ts.forEachChild(each, visit)
  }
  visit(node)
  return found
}

/** What the cases of `each` put into the title: of a row of several, as many as it has placeholders for. */
function casesOf(table: ts.ArrayLiteralExpression, title: string): string[] {
  const placeholders = title.match(PLACEHOLDER)?.length ?? 0
  return table.elements
    .flatMap((row): ts.Node[] => {
      if (ts.isArrayLiteralExpression(row)) return row.elements.slice(0, placeholders)
      if (!ts.isObjectLiteralExpression(row)) return [row].slice(0, placeholders)
      const named = row.properties.filter(ts.isPropertyAssignment)
      return named.filter(({ name }) => title.includes(`$${name.getText()}`)).map(({ initializer }) => initializer)
    })
    .filter(isText)
    .map(written)
}

/** Every title of a test, a group or a case of a table, as it is written; of a template with its `${…}`. */
export function titlesIn(text: string): Set<string> {
  const source = ts.createSourceFile('tests.ts', text, ts.ScriptTarget.Latest, true)
  const constants = new Map(constantsIn(source))
  const titles = new Set<string>()
  const visit = (node: ts.Node) => {
    ts.forEachChild(node, visit)
    if (!ts.isCallExpression(node) || !ROOTS.includes(rootOf(node.expression))) return
    const [title] = node.arguments
    if (!isText(title)) return
    titles.add(written(title))
    const [table] = ts.isCallExpression(node.expression) ? node.expression.arguments : []
    const cases = table && arrayOf(table, constants)
    for (const name of cases ? casesOf(cases, written(title)) : []) titles.add(name)
  }
  visit(source)
  return titles
}
