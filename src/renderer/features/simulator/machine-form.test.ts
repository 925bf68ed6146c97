import { describe, expect, it } from 'vitest'
import { simulatorSettings } from '../../../contract/requests'
import { BOUNDS, commandLine, formOf, settingsOf } from './machine-form'

const machine = {
  cpus: 8,
  tasks: 100,
  seed: 7,
  scenario: 'starving-task',
  parameters: { 'stall.threshold_jiffies': 70 }
}

describe('the fields of a simulated machine', () => {
  it('mean the settings that they were made of', () => {
    expect(settingsOf(formOf(machine))).toEqual(machine)
    const plain = { cpus: 1, tasks: 2, seed: 3 }
    expect(settingsOf(formOf(plain))).toEqual(plain)
    expect(commandLine(machine)).toBe(
      'npm start -- --cpus 8 --tasks 100 --seed 7 --scenario starving-task --param stall.threshold_jiffies=70'
    )
  })

  it('say what is wrong, each for itself', () => {
    const wrong = settingsOf({
      cpus: '0',
      tasks: '10001',
      seed: '-1',
      scenario: '',
      parameters: 'stall.threshold_jiffies=70\n nonsense'
    })
    expect('problems' in wrong && [...wrong.problems]).toEqual([
      ['cpus', 'CPUs: expected a whole number from 1 to 256.'],
      ['tasks', 'Tasks: expected a whole number from 1 to 10000.'],
      ['seed', 'Seed: expected a whole number from 0 to 4294967295.'],
      [
        'parameters',
        '“nonsense”: expected MONITOR.PARAMETER=NUMBER, such as stall.threshold_jiffies=70.'
      ]
    ])
  })

  it('have the bounds of the contract', () => {
    for (const [field, [min, max]] of Object.entries(BOUNDS)) {
      const good = (value: number): boolean =>
        simulatorSettings.safeParse({ cpus: 1, tasks: 1, seed: 1, [field]: value }).success
      expect([good(min), good(max), good(min - 1), good(max + 1)]).toEqual([
        true,
        true,
        false,
        false
      ])
    }
  })
})
