import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/*
 * What the tests of the window say again and again, in the window's own terms.
 */

/** The phase of the target that the head line shows. */
export function phase(page: Page): Promise<string | null> {
  return page.getByTestId('status-phase').getAttribute('data-phase')
}

/** Waits until the target is connected. */
export async function connected(page: Page, timeout = 20_000): Promise<void> {
  await expect.poll(() => phase(page), { timeout }).toBe('connected')
}

/** Whether a switch is on. */
export async function isOn(page: Page, testId: string): Promise<boolean> {
  return (await page.getByTestId(testId).getAttribute('aria-checked')) === 'true'
}

/** Clicks a switch and waits until the target says that it is so. */
export async function turn(
  page: Page,
  testId: string,
  on: boolean,
  timeout = 10_000
): Promise<void> {
  await page.getByTestId(testId).click()
  await expect.poll(() => isOn(page, testId), { timeout }).toBe(on)
}

/** Transitions of the drawn automaton so far, summed over its edges. */
export async function transitions(page: Page): Promise<number> {
  return page
    .getByTestId('edge')
    .evaluateAll((edges) =>
      edges.reduce((sum, edge) => sum + Number(edge.getAttribute('data-count')), 0)
    )
}

/** Waits until the drawn automaton has moved on from here. */
export async function moves(page: Page, timeout = 10_000): Promise<void> {
  const before = await transitions(page)
  await expect.poll(() => transitions(page), { timeout }).toBeGreaterThan(before)
}

/** The state of each chip by the id of its instance. */
export async function chips(page: Page): Promise<Record<string, string | null>> {
  return page
    .locator('[data-testid^="chip-"]')
    .evaluateAll((found) =>
      Object.fromEntries(
        found.map((chip) => [
          (chip.getAttribute('data-testid') ?? '').slice('chip-'.length),
          chip.getAttribute('data-state')
        ])
      )
    )
}

/** Chooses a monitor's reactor. */
export async function chooseReactor(page: Page, monitor: string, reactor: string): Promise<void> {
  await page.getByTestId(`reactor-${monitor}`).click()
  await page.getByRole('option', { name: reactor, exact: true }).click()
}

/** The cards of the violation list that say this. */
export function violationCards(page: Page, text: string | RegExp) {
  return page.locator('article[data-testid^="violation-"]').filter({ hasText: text })
}
