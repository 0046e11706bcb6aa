/** The colours of app/globals.css, for what has no style sheet of the build: mail, and the page that says that another broke. */
export const light = {
  page: '#f4f2ec',
  card: '#fffefb',
  edge: '#e3dfd4',
  ink: '#1c211f',
  soft: '#575e5a',
  accent: '#1b6450',
  onAccent: '#ffffff',
  tint: '#e6f0ec',
}
export const dark: typeof light = {
  page: '#111514',
  card: '#191e1c',
  edge: '#2b322f',
  ink: '#eaeeec',
  soft: '#a6afab',
  accent: '#86d9bd',
  onAccent: '#06261c',
  tint: '#17302a',
}
