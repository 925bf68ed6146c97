import type { Chapter, StoryStep } from './player'
import type { Stage } from './stage'

type Step = StoryStep<Stage>

/** Speed at which single events of a small machine can be followed, virtual seconds per second. */
const BY_HAND = 1e-4
/** Virtual time before the violation at which slow motion begins, s. */
const AHEAD = 0.0012
/** And from where on the machine runs slower, so as not to miss that, s. */
const NEAR = 0.06

const VIOLATION = 'violation of wip'

/**
 * Runs to shortly before a time that is known from a run before: the same seed gives the same run.
 */
async function runTo(stage: Stage, time: number, signal: AbortSignal): Promise<void> {
  if (stage.time < time - NEAR) {
    await stage.speed(1)
    await stage.when(() => stage.time >= time - NEAR, signal)
  }
  await stage.speed(0.02)
  await stage.when(() => stage.time >= time - AHEAD, signal)
  await stage.speed(BY_HAND)
}

const model: readonly Step[] = [
  {
    id: 'kernel',
    stay: 9000,
    async act(stage, signal) {
      await stage.boot(null, signal)
      await stage.only()
      stage.show('wip')
    }
  },
  { id: 'model', stay: 11_000 },
  { id: 'events', stay: 11_000 },
  {
    id: 'enable',
    stay: 10_000,
    act: (stage) => stage.enable('wip'),
    until: (stage) => stage.events('wip') > 100
  }
]

const cpus: readonly Step[] = [
  {
    id: 'four',
    stay: 9000,
    async act(stage, signal) {
      await stage.boot(null, signal)
      await stage.only('wip')
      stage.show('wip')
    },
    until: (stage) => stage.events('wip') > 100
  },
  {
    id: 'slow',
    stay: 16_000,
    act: (stage) => stage.speed(BY_HAND)
  },
  {
    id: 'fast',
    stay: 9000,
    act: (stage) => stage.speed(1)
  }
]

const violation: readonly Step[] = [
  {
    id: 'fault',
    stay: 8000,
    async act(stage, signal) {
      stage.kept.delete(VIOLATION)
      await stage.boot('wakeup-with-preemption-on', signal)
      stage.show('wip')
      await stage.only('wip')
    },
    until(stage) {
      const found = stage.violation('wip')
      if (found) stage.kept.set(VIOLATION, found.sec + found.nsec / 1e9)
      return found !== undefined
    }
  },
  {
    id: 'again',
    stay: 3000,
    async act(stage, signal) {
      await stage.boot('wakeup-with-preemption-on', signal)
      stage.show('wip')
      await stage.only('wip')
      await runTo(stage, stage.kept.get(VIOLATION) ?? 0, signal)
    }
  },
  {
    id: 'watch',
    stay: 1500,
    patience: 40_000,
    until: (stage) => stage.violation('wip') !== undefined
  },
  { id: 'refused', stay: 12_000, act: (stage) => stage.pause() },
  { id: 'reaction', stay: 11_000 }
]

const realTime: readonly Step[] = [
  {
    id: 'task',
    stay: 10_000,
    async act(stage, signal) {
      await stage.boot('sleep-in-wrong-call', signal)
      stage.show('rtapp:sleep')
      await stage.only('rtapp:sleep')
    }
  },
  { id: 'rule', stay: 13_000 },
  {
    id: 'sleeps',
    stay: 13_000,
    until: (stage) => stage.violation('rtapp:sleep') !== undefined
  },
  { id: 'end', stay: 12_000 }
]

/** The film of the kiosk. */
export const film: readonly Chapter<Stage>[] = [
  { id: 'model', steps: model },
  { id: 'cpus', steps: cpus },
  { id: 'violation', steps: violation },
  { id: 'realTime', steps: realTime }
]
