import type { ElementHandle, Page } from 'playwright/test'

const CLICKS_WITHIN_MS = 15_000
const BUTTONS = 'button, [role=button], input[type=submit], input[type=button], summary'

type Button = ElementHandle<HTMLElement | SVGElement>

/** The first one that can be pressed and has not been on this page by this name; how many cannot, where none is left. */
export async function nextButton(page: Page, pressed: Set<string>): Promise<{ button: Button | null; shut: number }> {
  let shut = 0
  for (const button of (await page.locator(BUTTONS).elementHandles()) as Button[]) {
    if (!(await button.isVisible())) continue
    if (!(await button.isEnabled())) {
      shut += 1
      continue
    }
    // "Send again in 9 s" is one button, whatever the second.
    const name = `${await button.textContent()} ${await button.getAttribute('aria-label')}`.replace(/\d+/gu, '#')
    const key = `${new URL(page.url()).pathname} ${name}`
    if (pressed.has(key)) continue
    pressed.add(key)
    return { button, shut: 0 }
  }
  return { button: null, shut }
}

/** Fails where a button does not take the press, unless it has gone meanwhile. */
export async function press(button: Button) {
  try {
    await button.click({ timeout: CLICKS_WITHIN_MS })
  } catch (error) {
    if (await button.isVisible().catch(() => false)) throw error
  }
}
