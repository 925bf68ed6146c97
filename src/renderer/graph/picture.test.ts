import { expect, it } from 'vitest'
import { pictureName, plainColour } from './picture'
import { modelRequest } from '../../contract/model-files'

it('spells colours as every program reads them', () => {
  expect(plainColour('color(srgb 1 0.5 0)')).toBe('rgb(255, 128, 0)')
  expect(plainColour('color(srgb 0 0 1 / 0.4)')).toBe('rgba(0, 0, 255, 0.4)')
  expect(plainColour('rgb(1, 2, 3)')).toBe('rgb(1, 2, 3)')
  expect(plainColour('rgba(0, 0, 0, 0)')).toBe('none')
})

it('gives names that may cross the border, whatever a monitor is called', () => {
  expect(pictureName('sssw', 12_104_000_000, 'svg')).toBe('sssw-12.104s.svg')
  for (const monitor of ['sssw', '../../x', '', 'a'.repeat(300), '\u202eevil']) {
    const name = pictureName(monitor, 1.5e9, 'png')
    const asked = modelRequest.safeParse({ op: 'export', name, text: '', png: 1 })
    expect(asked.success).toBe(true)
  }
})
