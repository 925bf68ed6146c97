import { describe, expect, it } from 'vitest'
import { SCENARIOS } from '../simulator/scenarios'
import { simulatorSettingsOf } from '../contract/simulator-options'
import { parameter, scenarioName, targetOf } from './options'
import { scenarios } from './scenarios'
import type { CliIo } from './io'

/** What the program writes; nothing else of a terminal is asked for. */
async function written(monitor: string | undefined): Promise<string> {
  let text = ''
  const io = {
    out: (more: string) => {
      text += more
      return Promise.resolve()
    }
  } as CliIo
  await scenarios(monitor, io)
  return text
}

describe('rvpanel scenarios', () => {
  it('names each with its monitor, in lines that fit a terminal', async () => {
    const text = await written(undefined)
    const heads = text.split('\n').filter((line) => line !== '' && !line.startsWith(' '))
    expect(heads.map((line) => line.split(/\s+/).slice(0, 2))).toEqual(
      SCENARIOS.map(({ name, monitor }) => [name, monitor])
    )
    for (const line of text.split('\n')) {
      if (line.startsWith(' ')) expect(line.length).toBeLessThanOrEqual(80)
    }
    for (const { description } of SCENARIOS) {
      expect(text.replace(/\s+/g, ' ')).toContain(description.replace(/\s+/g, ' '))
    }
  })

  it('has those of one monitor, with or without its container', async () => {
    const text = await written('sched:sco')
    expect(await written('sco')).toBe(text)
    expect(text).not.toBe('')
    expect(text.length).toBeLessThan((await written(undefined)).length)
  })

  it('says which monitors have some, where this one has none', async () => {
    await expect(written('nosuch')).rejects.toThrow(
      /^there is no scenario of the monitor nosuch; expected .*stall/
    )
  })
})

describe('--scenario and --param', () => {
  it('become settings of the simulated kernel', () => {
    const param = parameter('stall.threshold_jiffies=70', undefined)
    const more = parameter('nomiss.deadline_thresh=0', param)
    expect(
      targetOf({ target: 'sim', scenario: scenarioName('starving-task'), param: more })
    ).toEqual({
      kind: 'sim',
      settings: {
        ...simulatorSettingsOf({}),
        scenario: 'starving-task',
        parameters: { 'stall.threshold_jiffies': 70, 'nomiss.deadline_thresh': 0 }
      }
    })
  })

  it('are refused in one sentence that says what was expected', () => {
    expect(() => scenarioName('starving')).toThrow(
      /^--scenario expects one of .*starving-task.*; got "starving"$/
    )
    for (const wrong of ['', 'stall', 'stall=1', 'stall.x=', 'stall.x=-1', 'a.b.c=1', 'a.b=1j']) {
      expect(() => parameter(wrong, undefined)).toThrow(
        /^--param expects MONITOR\.PARAMETER=NUMBER/
      )
    }
    expect(() => targetOf({ target: 'local', scenario: 'starving-task' })).toThrow(
      '--scenario is a setting of the simulated kernel, and --target "local" is not it'
    )
  })
})
