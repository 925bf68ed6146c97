import { describe, expect, it } from 'vitest'
import { readSettings } from '../../contract/settings'
import type { TargetSpec } from '../../contract/requests'
import { targetStatus } from '../testing'
import {
  forgetTarget,
  MOST_PINNED,
  noteConnected,
  pinTarget,
  rememberTarget,
  sameTarget,
  shownRecent
} from './recent'

const board = (n: number): TargetSpec => ({ kind: 'ssh', destination: `board-${n}` })
const file = (n: number): TargetSpec => ({ kind: 'recording', path: `/tmp/${n}.rvrec` })
const list = () => readSettings({}).values

describe('recent targets', () => {
  it('are the newest eight, and the newest eight recordings, and every pinned one', () => {
    const settings = list()
    for (let n = 0; n < 3; n++) rememberTarget(settings, board(n), n)
    pinTarget(settings, board(0), true)
    for (let n = 3; n < 20; n++) {
      rememberTarget(settings, board(n), n)
      rememberTarget(settings, file(n), n)
    }
    const shown = shownRecent(settings)
    expect(shown[0]).toMatchObject({ target: board(0), pinned: true })
    const kinds = shown.slice(1).map((one) => one.target.kind)
    expect(kinds.filter((kind) => kind === 'ssh')).toHaveLength(8)
    expect(kinds.filter((kind) => kind === 'recording')).toHaveLength(8)
    expect(shown[1]?.target).toEqual(file(19))
  })

  it('keep pin and release when they are asked for again, and are there once', () => {
    const settings = list()
    rememberTarget(settings, board(1), 1)
    noteConnected(settings, targetStatus({ spec: board(1), release: '7.3.0' }), false, 2)
    pinTarget(settings, board(1), true)
    rememberTarget(settings, board(2), 3)
    rememberTarget(settings, board(1), 4)
    expect(settings.recent).toEqual([
      { target: board(1), at: 4, release: '7.3.0', pinned: true },
      { target: board(2), at: 3, pinned: false }
    ])
    forgetTarget(settings, board(1))
    expect(settings.recent.map((one) => one.target)).toEqual([board(2)])
  })

  it('are the same target whatever the order of its settings', () => {
    const one: TargetSpec = {
      kind: 'sim',
      settings: { cpus: 1, tasks: 2, seed: 3, parameters: { 'a.b': 1, 'c.d': 2 }, scenario: 'x' }
    }
    const other: TargetSpec = {
      settings: { scenario: 'x', seed: 3, parameters: { 'c.d': 2, 'a.b': 1 }, tasks: 2, cpus: 1 },
      kind: 'sim'
    }
    expect(sameTarget(one, other)).toBe(true)
    expect(sameTarget(board(1), board(2))).toBe(false)
  })

  it('have what the command line opened, but not the simulated kernel of every start', () => {
    const settings = list()
    const sim: TargetSpec = { kind: 'sim', settings: { cpus: 4, tasks: 24, seed: 1 } }
    noteConnected(settings, targetStatus({ spec: sim }), true, 1)
    expect(settings.recent).toEqual([])
    noteConnected(settings, targetStatus({ spec: board(1) }), true, 2)
    // What a tour connects to is not remembered.
    noteConnected(settings, targetStatus({ spec: board(2) }), false, 3)
    expect(settings.recent.map((one) => one.target)).toEqual([board(1)])
  })

  it('have room for no more pins than a settings file may have', () => {
    const settings = list()
    for (let n = 0; n <= MOST_PINNED; n++) {
      rememberTarget(settings, board(n), n)
      expect(pinTarget(settings, board(n), true)).toBe(n < MOST_PINNED)
    }
    for (let n = 50; n < 70; n++) {
      rememberTarget(settings, board(n), n)
      rememberTarget(settings, file(n), n)
    }
    expect(readSettings({ recent: settings.recent }).refused).toEqual([])
  })

  it('are read as earlier versions wrote them', () => {
    expect(readSettings({ recent: [board(1)] }).values.recent).toEqual([
      { target: board(1), pinned: false }
    ])
  })
})
