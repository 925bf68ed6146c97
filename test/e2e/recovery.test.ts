import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isRunning, launch, observerPid, runProgram, temporaryProfile } from './harness'
import { chips, connected, isOn, moves, turn } from './words'

describe('when something ends that should not', () => {
  it('says that the observer died, and starts it again', async () => {
    const panel = await launch()
    const { page } = panel
    await connected(page)
    await turn(page, 'enable-wip', true)
    const before = await observerPid(panel)
    expect(before).toBeGreaterThan(1)
    process.kill(before!, 'SIGKILL')
    await page.getByTestId('toast').filter({ hasText: 'observer ended' }).first().waitFor()
    const another = async (): Promise<boolean> => {
      const now = await observerPid(panel)
      return now !== undefined && now !== before
    }
    await expect.poll(another, { timeout: 20_000 }).toBe(true)
    await connected(page)
    await expect.poll(() => isOn(page, 'enable-wip')).toBe(false)
    await turn(page, 'enable-wip', true)
    await moves(page)
  })

  it('shows the same state after a reload', async () => {
    const { page } = await launch()
    await connected(page)
    await page.getByTestId('monitor-row-wip').click()
    await turn(page, 'enable-wip', true)
    await moves(page)
    await page.reload()
    await connected(page)
    await expect.poll(() => isOn(page, 'enable-wip')).toBe(true)
    await page.getByTestId('monitor-row-wip').click()
    await expect
      .poll(async () => Object.keys(await chips(page)).length, { timeout: 10_000 })
      .toBe(4)
    await moves(page)
  })

  it('leaves no observer behind when the program is killed', async () => {
    const panel = await launch()
    await connected(panel.page)
    const pid = await observerPid(panel)
    expect(isRunning(pid!)).toBe(true)
    panel.app.process().kill('SIGKILL')
    await expect.poll(() => isRunning(pid!), { timeout: 10_000 }).toBe(false)
  })

  it('ends its observer when it quits', async () => {
    const panel = await launch()
    await connected(panel.page)
    const pid = await observerPid(panel)
    await panel.close()
    expect(isRunning(pid!)).toBe(false)
  })

  it('opens where it was left', async () => {
    const profile = temporaryProfile()
    const first = await launch({ profile })
    await first.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 30, width: 1111, height: 777 })
    })
    await first.close()
    const second = await launch({ profile })
    const bounds = await second.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getNormalBounds()
    )
    expect(bounds).toMatchObject({ width: 1111, height: 777 })
  })
})

describe('the program on its command line', () => {
  it('writes a picture of the live window and exits with 0', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rvpanel-shot-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true })
    })
    const file = join(folder, 'window.png')
    const { code } = await runProgram(['--screenshot', file])
    expect(code).toBe(0)
    expect(existsSync(file)).toBe(true)
    expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG')
  })

  it.each([
    [['--nonsense'], '--nonsense'],
    [['--cpus', '0'], '--cpus expects a whole number from 1 to 256'],
    [['--target', 'ssh://-x'], '--target expects']
  ])('refuses %j with a sentence and exit code 2', async (args, sentence) => {
    const { code, errors } = await runProgram(args)
    expect(code).toBe(2)
    expect(errors).toContain(sentence)
    expect(errors).not.toMatch(/^\s+at /m)
  })
})
