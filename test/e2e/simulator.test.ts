import { expect, it } from 'vitest'
import { launch, picture } from './harness'

it('boots the machine of the dialog, runs it to what one wants, and repeats the run', async () => {
  const { app, page, problems } = await launch()
  await page.getByTestId('monitor-row-wip').waitFor()
  await page.keyboard.press('s')
  await page.keyboard.press('m')
  const dialog = page.getByTestId('machine-dialog')
  await dialog.waitFor()
  await page.getByTestId('machine-cpus').fill('0')
  await dialog.getByText('CPUs: expected a whole number from 1 to 256.').waitFor()
  expect(await page.getByTestId('machine-boot').isDisabled()).toBe(true)
  await page.getByTestId('machine-cpus').fill('2')
  await page.getByTestId('machine-seed').fill('77')
  await page.getByTestId('machine-parameters').fill('stall.threshold_jiffies=70')
  expect(await page.getByTestId('machine-command').textContent()).toBe(
    'npm start -- --cpus 2 --tasks 24 --seed 77 --param stall.threshold_jiffies=70'
  )
  await picture(page, 'simulator-dialog')
  await page.getByTestId('machine-boot').click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByTestId('machine').filter({ hasText: '2 CPUs, 24 tasks, seed 77' }).waitFor()

  await page.getByTestId('enable-wip').click()
  await page.getByTestId('sim-pause').click()
  await page.getByTestId('monitor-row-wip').click()
  await page.getByTestId('sim-machine').click()
  const time = page.getByTestId('machine-time')
  const now = async (): Promise<number> => Number.parseFloat((await time.textContent()) ?? '')
  const from = await now()
  await page.getByTestId('run-ms').fill('20')
  await page.getByTestId('run-time').click()
  await expect.poll(now).toBeCloseTo(from + 0.02, 5)
  await page.getByTestId('run-transition').click()
  await expect.poll(now).toBeGreaterThan(from + 0.02)
  const end = await now()
  expect(await page.getByTestId('machine-acts').textContent()).toContain('one thing was done to it')
  await page.keyboard.press('Escape')

  // The last event of the run, with its time.
  await page.getByTestId('bottom-events').click()
  const last = page.getByTestId('event-table').getByRole('row').last()
  const before = await last.textContent()
  await page.keyboard.press('s')
  await page.keyboard.press('r')
  await page.getByText('The run was repeated up to').waitFor()
  await expect.poll(() => last.textContent()).toBe(before)
  await page.getByTestId('sim-machine').click()
  expect(await now()).toBe(end)
  await picture(page, 'simulator-repeated')

  // A longer run can be cancelled: the machine stands still where it was.
  await page.getByTestId('run-ms').fill('60000')
  await page.getByTestId('run-time').click()
  await page.getByTestId('cancel-run').waitFor()
  expect(await page.getByTestId('machine-step').isDisabled()).toBe(true)
  await picture(page, 'simulator-running')
  await page.getByTestId('cancel-run').click()
  await page.getByText('The run was cancelled').first().waitFor()
  const still = await now()
  expect(still).toBeLessThan(60)
  // The next event may be so near that the time shown is the same.
  const step = async (): Promise<number> => {
    await page.getByTestId('machine-step').click()
    return now()
  }
  await expect.poll(step).toBeGreaterThan(still)
  await page.getByTestId('machine-dice').click()
  expect(await page.getByTestId('machine-command').textContent()).not.toContain('--seed 77 ')
  await page.emulateMedia({ colorScheme: 'dark' })
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setSize(900, 760)
  })
  await page.getByTestId('machine-tasks').fill('none')
  await picture(page, 'simulator-dialog-narrow')
  expect(problems).toEqual([])
})
