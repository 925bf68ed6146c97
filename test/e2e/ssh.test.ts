import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realTarget, type RealTarget } from '../target/boot'
import { Home } from '../target/home'
import { launch, picture } from './harness'
import { connected, moves, phase, turn } from './words'

let target: RealTarget | undefined
let skipped = ''
const home = new Home()

beforeAll(async () => {
  const found = await realTarget()
  if ('skip' in found) skipped = found.skip
  else target = found
})
afterAll(async () => {
  await target?.stop()
  home.remove()
})

/** A folder with an `ssh` that knows no host yet and remembers none for the user who runs the tests. */
function ownSsh(): string {
  const folder = join(home.folder, 'bin')
  mkdirSync(folder)
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${home.config}' "$@"\n`, {
    mode: 0o755
  })
  return folder
}

describe('a real kernel through the window', () => {
  it('asks what ssh asks, then shows the kernel’s monitors live', async (context) => {
    if (target === undefined) {
      console.warn(`Skipped: no real kernel in the window, since ${skipped}.`)
      context.skip(skipped)
      return
    }
    const { spec, password } = target
    const { page } = await launch({ path: ownSsh() })
    await connected(page)
    await page.getByTestId('target-button').click()
    await page.getByTestId('kind-ssh').click()
    await page.getByTestId('ssh-destination').fill(spec.destination)
    await page.getByTestId('ssh-port').fill(String(spec.port))
    await page.getByTestId('connect-go').click()

    // A host key that nobody knows comes first, unless an earlier run has answered for it.
    const dialogue = page.getByTestId('auth-text')
    const question = async (): Promise<string> =>
      (await dialogue.count()) > 0 ? await dialogue.innerText() : ''
    await expect.poll(question, { timeout: 60_000 }).toMatch(/\(yes\/no|password/i)
    await picture(page, 'ssh-asks')
    if ((await question()).includes('yes/no')) {
      await page.getByTestId('auth-input').fill('yes')
      await page.getByTestId('auth-send').click()
    }
    await expect.poll(question, { timeout: 60_000 }).toMatch(/password/i)
    expect(await page.getByTestId('auth-input').getAttribute('type')).toBe('password')
    await page.getByTestId('auth-input').fill(password)
    await page.getByTestId('auth-send').click()

    await expect.poll(() => page.getByTestId('auth-dialog').count(), { timeout: 60_000 }).toBe(0)
    await connected(page, 60_000)
    expect(await page.getByTestId('target-button').innerText()).toContain('ssh')
    await page.getByTestId('monitor-row-wip').click()
    await turn(page, 'enable-wip', true)
    await moves(page, 60_000)
    await picture(page, 'ssh-live')
    await turn(page, 'enable-wip', false)
    await page.getByTestId('target-button').click()
    await page.getByTestId('disconnect').click()
    await expect.poll(() => phase(page), { timeout: 30_000 }).toBe('none')
  })
})
