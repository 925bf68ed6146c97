import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openTarget } from '../../src/target/open'
import { realTarget, type RealTarget } from '../target/boot'
import { Home } from '../target/home'
import { descendants, isRunning, launch, observerPid, picture } from './harness'
import { chooseReactor, connected, moves, phase, turn } from './words'

let target: RealTarget | undefined
let skipped = ''
/** How long a real kernel that is emulated may take to do what it is asked. */
const patience = 60_000
const homes: Home[] = []

beforeAll(async () => {
  const found = await realTarget()
  if ('skip' in found) skipped = found.skip
  else target = found
})
afterAll(async () => {
  await target?.stop()
  for (const home of homes) home.remove()
})

/** The kernel under test; where there is none, the test is skipped and says so. */
function real(context: TestContext): RealTarget {
  if (target !== undefined) return target
  console.warn(`Skipped: no real kernel in the window, since ${skipped}.`)
  return context.skip(skipped)
}

/** A home that knows no host yet, and the folder of an `ssh` that lives there. */
function ownSsh(): { home: Home; path: string } {
  const home = new Home()
  homes.push(home)
  const path = join(home.folder, 'bin')
  mkdirSync(path)
  writeFileSync(join(path, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${home.config}' "$@"\n`, {
    mode: 0o755
  })
  return { home, path }
}

async function connect(page: Page, { spec }: RealTarget): Promise<void> {
  await connected(page)
  await page.getByTestId('target-button').click()
  await page.getByTestId('kind-ssh').click()
  await page.getByTestId('ssh-destination').fill(spec.destination)
  await page.getByTestId('ssh-port').fill(String(spec.port))
  await page.getByTestId('connect-go').click()
}

/** Waits until ssh asks this, and answers. */
async function answer(page: Page, question: RegExp, text: string): Promise<void> {
  const dialogue = page.getByTestId('auth-text')
  const asked = async (): Promise<string> =>
    (await dialogue.count()) > 0 ? await dialogue.innerText() : ''
  await expect.poll(asked, { timeout: patience }).toMatch(question)
  await page.getByTestId('auth-input').fill(text)
  await page.getByTestId('auth-send').click()
}

/** What the window gives as the reason why it did not connect. */
function refusal(page: Page): Promise<string> {
  return page.getByTestId('start-error').innerText({ timeout: patience })
}

describe('a real kernel through the window', () => {
  it('asks what ssh asks, then shows the kernel’s monitors live', async (context) => {
    const machine = real(context)
    const { page } = await launch({ path: ownSsh().path })
    await connect(page, machine)
    await page.getByTestId('auth-text').waitFor({ timeout: patience })
    await picture(page, 'ssh-asks')
    await answer(page, /authenticity of host[\s\S]*\(yes\/no/, 'yes')
    await expect
      .poll(() => page.getByTestId('auth-input').getAttribute('type'), { timeout: patience })
      .toBe('password')
    await answer(page, /password/i, machine.password)

    await expect.poll(() => page.getByTestId('auth-dialog').count(), { timeout: patience }).toBe(0)
    await connected(page, patience)
    expect(await page.getByTestId('target-button').innerText()).toContain('ssh')
    await page.getByTestId('monitor-row-wip').click()
    await turn(page, 'enable-wip', true, patience)
    await moves(page, patience)
    await picture(page, 'ssh-live')
    await turn(page, 'enable-wip', false, patience)
    await page.getByTestId('target-button').click()
    await page.getByTestId('disconnect').click()
    await expect.poll(() => phase(page), { timeout: patience }).toBe('none')
  })

  it('says that the password was wrong', async (context) => {
    const machine = real(context)
    const { page } = await launch({ path: ownSsh().path })
    await connect(page, machine)
    await answer(page, /\(yes\/no/, 'yes')
    await answer(page, /password: $/, 'wrong')
    await answer(page, /try again[\s\S]*password: $/, 'wrong')
    // How often it asks is ssh's affair.
    const input = page.getByTestId('auth-input')
    const wrong = async (): Promise<string> => {
      const refused = page.getByTestId('start-error')
      if ((await refused.count()) > 0) return refused.innerText()
      // The question may be taken back in the same moment.
      await input.fill('wrong', { timeout: 1000 }).then(
        () => input.press('Enter', { timeout: 1000 }).catch(() => undefined),
        () => undefined
      )
      return 'still asking'
    }
    await expect
      .poll(wrong, { timeout: patience })
      .toBe(`${machine.spec.destination} refused the login: wrong password or key.`)
    await picture(page, 'ssh-wrong-password')
  })

  it('never accepts a host key that has changed', async (context) => {
    const machine = real(context)
    const { home, path } = ownSsh()
    // The same host with other key bytes.
    const key = `AAAAC3NzaC1lZDI1NTE5AAAAI${'A'.repeat(43)}`
    const host = `[127.0.0.1]:${String(machine.spec.port)}`
    writeFileSync(home.knownHosts, `${host} ssh-ed25519 ${key}\n`)
    const { page } = await launch({ path })
    await connect(page, machine)
    expect(await refusal(page)).toMatch(/^The host key of \S+ has CHANGED/)
    expect(await page.getByTestId('auth-dialog').count()).toBe(0)
    expect(readFileSync(home.knownHosts, 'utf8')).toContain(key)
    await picture(page, 'ssh-changed-key')
  })

  it('is put back when the whole program is killed', async (context) => {
    const machine = real(context)
    const witnessHome = ownSsh().home
    const witness = await openTarget(
      machine.spec,
      witnessHome.options(({ secret }) => (secret ? machine.password : 'yes'))
    )
    onTestFinished(() => witness.close().then(() => undefined))
    const read = async (path: string): Promise<string> =>
      Buffer.from(await witness.read(path)).toString('latin1')
    const enabled = async (): Promise<boolean> =>
      (await read('rv/monitors/wip/enable')).startsWith('1')
    const instances = async (): Promise<string[]> =>
      (await witness.list('instances')).map((entry) => entry.name)
    const before = await instances()

    const { home, path } = ownSsh()
    writeFileSync(home.knownHosts, readFileSync(witnessHome.knownHosts))
    const panel = await launch({ path })
    const { page } = panel
    await connect(page, machine)
    await answer(page, /password/i, machine.password)
    await connected(page, patience)
    await page.getByTestId('monitor-row-wip').click()
    await chooseReactor(page, 'wip', 'printk')
    await turn(page, 'enable-wip', true, patience)
    await moves(page, patience)
    expect(await enabled()).toBe(true)
    expect(await read('rv/monitors/wip/reactors')).toContain('[printk]')
    expect(await instances()).not.toEqual(before)

    const observer = await observerPid(panel)
    const main = panel.app.process().pid
    if (main === undefined || observer === undefined) throw new Error('there is no program')
    // Every process of the program at once, so that none can put anything back; ssh is not one of them.
    const all = [main, ...descendants(main)]
    expect(all).toContain(observer)
    for (const pid of all) process.kill(pid, 'SIGKILL')
    await expect.poll(() => all.some(isRunning), { timeout: patience }).toBe(false)

    await expect.poll(enabled, { timeout: patience }).toBe(false)
    await expect
      .poll(() => read('rv/monitors/wip/reactors'), { timeout: patience })
      .toContain('[nop]')
    await expect.poll(instances, { timeout: patience }).toEqual(before)
  })
})
