import { beforeEach, describe, expect, it } from 'vitest'
import { StoryPlayer, type Chapter } from './player'

/** What the story of these tests acts on. */
interface Stage {
  readonly done: string[]
  has: boolean
}

let stage: Stage
let now: number
let acts: (() => void)[]
beforeEach(() => {
  stage = { done: [], has: false }
  now = 0
  acts = []
})

const chapters: Chapter<Stage>[] = [
  {
    id: 'one',
    steps: [
      { id: 'a', stay: 100, act: (s) => void s.done.push('a') },
      { id: 'b', stay: 200, patience: 1000, until: (s) => s.has }
    ]
  },
  {
    id: 'two',
    steps: [
      { id: 'c', stay: 50, act: () => Promise.reject(new Error('It could not be done.')) },
      {
        id: 'd',
        stay: 50,
        act: (s, signal) =>
          new Promise((resolve) => {
            acts.push(() => {
              if (!signal.aborted) s.done.push('d')
              resolve()
            })
          })
      }
    ]
  }
]

function player(options: { auto?: boolean; speed?: number } = {}) {
  const told: string[] = []
  const one = new StoryPlayer<Stage>(chapters, stage, {
    now: () => now,
    auto: options.auto ?? true,
    ...(options.speed && { speed: options.speed }),
    changed: () => told.push(`${one.current?.id ?? '-'} ${one.phase}`)
  })
  return { one, told }
}

/** Lets what was asked of the stage be done. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve()
}

describe('a story', () => {
  it('does, waits and stays, and goes on by itself when its time has passed', async () => {
    const { one } = player()
    one.start()
    expect(one.phase).toBe('acting')
    await settled()
    expect(stage.done).toEqual(['a'])
    expect(one.phase).toBe('staying')
    now = 99
    one.tick()
    expect(one.current?.id).toBe('a')
    now = 100
    one.tick()
    await settled()
    expect([one.current?.id, one.phase]).toEqual(['b', 'waiting'])
    now = 500
    stage.has = true
    one.tick()
    expect(one.phase).toBe('staying')
    expect(one.share).toBe(0)
    now = 600
    expect(one.share).toBe(0.5)
  })

  it('waits no longer than its patience, and tells on where something could not be done', async () => {
    const { one } = player()
    one.start()
    await settled()
    one.next()
    await settled()
    now = 1000
    one.tick()
    expect([one.current?.id, one.phase]).toEqual(['b', 'staying'])
    one.next()
    await settled()
    expect([one.current?.id, one.problem]).toEqual(['c', 'It could not be done.'])
    expect(one.phase).toBe('staying')
  })

  it('leaves what a step was doing when it is left, and counts when it was told', async () => {
    const { one } = player()
    one.start(1)
    await settled()
    one.next()
    await settled()
    expect([one.current?.id, one.phase]).toEqual(['d', 'acting'])
    one.back()
    acts[0]?.()
    await settled()
    expect(stage.done).toEqual([])
    expect(one.current?.id).toBe('c')
    one.next()
    await settled()
    acts[1]?.()
    await settled()
    expect(stage.done).toEqual(['d'])
    expect(one.isLast).toBe(true)
    now += 50
    one.tick()
    expect([one.phase, one.told, one.current]).toEqual(['stopped', 1, undefined])
  })

  it('stands still while it is paused, also before its time to be read has begun', async () => {
    const { one } = player()
    one.start()
    await settled()
    now = 60
    one.pause()
    now = 1000
    one.tick()
    expect([one.current?.id, one.share]).toEqual(['a', 0.6])
    one.resume()
    now = 1039
    one.tick()
    expect(one.current?.id).toBe('a')
    now = 1040
    one.tick()
    expect(one.current?.id).toBe('b')
  })

  it('stays shorter at a higher speed, and for ever where the user goes on', async () => {
    const fast = player({ speed: 4 }).one
    fast.start()
    await settled()
    now = 25
    fast.tick()
    expect(fast.current?.id).toBe('b')
    const { one } = player({ auto: false })
    one.start()
    await settled()
    now = 1e9
    one.tick()
    expect([one.current?.id, one.isFirst]).toEqual(['a', true])
    one.back()
    expect(one.current?.id).toBe('a')
  })
})
