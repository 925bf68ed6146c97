import type { Chapter } from './player'
import type { Stage } from './stage'

/** The tour of the window: two minutes for who reads along. */
export const tour: readonly Chapter<Stage>[] = [
  {
    id: 'tour',
    steps: [
      {
        id: 'welcome',
        stay: 0,
        async act(stage, signal) {
          await stage.boot(null, signal)
          await stage.only()
          stage.show('wip')
        }
      },
      { id: 'tree', anchor: 'monitor-tree', stay: 0 },
      {
        id: 'enable',
        anchor: 'monitor-row-wip',
        stay: 0,
        act: (stage) => stage.enable('wip'),
        until: (stage) => stage.isEnabled('wip')
      },
      {
        id: 'automaton',
        anchor: 'automaton',
        stay: 0,
        act: (stage) => {
          stage.show('wip')
        },
        until: (stage) => stage.events('wip') > 0
      },
      { id: 'slow', anchor: 'simulator-controls', stay: 0, act: (stage) => stage.speed(2e-4) },
      {
        id: 'fault',
        anchor: 'violations',
        stay: 0,
        async act(stage, signal) {
          await stage.boot('wakeup-with-preemption-on', signal)
          stage.show('wip')
          await stage.only('wip')
        },
        until: (stage) => stage.violation('wip') !== undefined
      },
      { id: 'red', anchor: 'automaton', stay: 0, act: (stage) => stage.pause() },
      {
        id: 'timeline',
        anchor: 'timeline',
        stay: 0,
        act: (stage) => {
          stage.showTimeline()
        }
      },
      {
        id: 'tasks',
        anchor: 'instances',
        stay: 0,
        async act(stage, signal) {
          await stage.boot(null, signal)
          await stage.only('wwnr')
          stage.show('wwnr', 'instances')
        },
        until: (stage) => stage.events('wwnr') > 0
      },
      { id: 'reactor', anchor: 'reactor-wwnr', stay: 0 },
      { id: 'end', anchor: 'target-button', stay: 0 }
    ]
  }
]
