import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../target/boot'
import { launch, picture, program, runProgram, temporaryProfile } from './harness'
import { connected, phase } from './words'

const shipped = join(program, 'models')
const dot = (): string => readFileSync(join(shipped, 'wip.dot'), 'utf8')
const yaml = (): string => readFileSync(join(shipped, 'wip.yaml'), 'utf8')

/** A folder with one monitor, wip, of these files. */
function modelFolder(model: string, instrumentation: string): string {
  const folder = join(temporaryProfile(), 'models')
  mkdirSync(folder)
  writeFileSync(join(folder, 'wip.dot'), model)
  writeFileSync(join(folder, 'wip.yaml'), instrumentation)
  return folder
}

const models: readonly [string, () => string, RegExp][] = [
  ['a .dot that is none', () => modelFolder('no graph at all', yaml()), /wip\.dot:1:1: error: /],
  [
    'two initial states',
    () =>
      modelFolder(
        dot().replace(
          /(\n\s*"__init_preemptive" -> )/,
          '\n\t"__init_other" [shape = plaintext]\n\t"__init_other" -> "non_preemptive"$1'
        ),
        yaml()
      ),
    /wip\.dot:\d+:\d+: error: .*__init_other.*second initial state/
  ],
  [
    'a monitor’s name with a quote',
    () => modelFolder(dot(), yaml().replace(/^monitor: wip$/m, `monitor: "wi'p"`)),
    /wip\.yaml:\d+:\d+: error: .*`wi'p`/
  ]
]

describe('a model that is none', () => {
  it.each(models)(
    'with %s: a sentence, and the panel as it was',
    async (_title, make, sentence) => {
      const { page } = await launch({ args: ['--models', make()] })
      await page.getByTestId('toast').filter({ hasText: sentence }).first().waitFor()
      await connected(page)
      await page.getByTestId('monitor-row-wip').waitFor()
    }
  )

  it('is said on standard error, and the picture’s exit code is 1', async () => {
    const folder = modelFolder('no graph at all', yaml())
    const file = join(folder, 'window.png')
    const { code, errors } = await runProgram(['--models', folder, '--screenshot', file])
    expect(code).toBe(1)
    expect(errors).toMatch(/^rvpanel: .*wip\.dot:1:1: error: /m)
    expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG')
  })

  it('is said once for a folder that is not there', async () => {
    const folder = join(temporaryProfile(), 'missing')
    const { code, errors } = await runProgram(['--models', folder, '--screenshot', `${folder}.png`])
    expect(code).toBe(1)
    expect(errors).toBe(`rvpanel: The models folder ${folder} cannot be read (ENOENT).\n`)
  })
})

describe('a target that cannot be had', () => {
  it('is named in the window, with the reason', async () => {
    const port = await freePort()
    const { page } = await launch({ args: ['--target', `ssh://root@127.0.0.1:${String(port)}`] })
    await expect
      .poll(() => page.getByTestId('start-error').innerText(), { timeout: 30_000 })
      .toContain('root@127.0.0.1 refuses connections on its ssh port.')
    expect(await phase(page)).toBe('none')
    await picture(page, 'refused')
    // From here the simulated kernel is a click away.
    await page.getByTestId('start-simulator').click()
    await connected(page)
  })

  it('ends a picture at once, with one sentence and exit code 1', async () => {
    const file = join(temporaryProfile(), 'window.png')
    const target = `ssh://root@127.0.0.1:${String(await freePort())}`
    const { code, errors } = await runProgram(['--target', target, '--screenshot', file])
    expect(code).toBe(1)
    expect(errors).toBe('rvpanel: root@127.0.0.1 refuses connections on its ssh port.\n')
  })
})
