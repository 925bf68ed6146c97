import { onUnmounted, shallowRef, triggerRef, type ShallowRef } from 'vue'
import { usePanel } from '../stores/panel'
import { StoryPlayer, type Chapter } from './player'
import { Stage } from './stage'

/** Plays a story on this window's panel for as long as the component is there. */
export function usePlayer(
  chapters: readonly Chapter<Stage>[],
  options: { readonly auto: boolean; readonly speed?: number }
): ShallowRef<StoryPlayer<Stage>> {
  const panel = usePanel()
  const player = new StoryPlayer(chapters, new Stage(panel), {
    ...options,
    now: () => performance.now(),
    changed: () => {
      triggerRef(shown)
    }
  })
  const shown = shallowRef(player)
  const stop = panel.frames.add(() => {
    player.tick()
    // Time passes also while nothing arrives.
    if (player.phase !== 'stopped') panel.frames.ask()
  })
  onUnmounted(() => {
    stop()
    player.stop()
  })
  return shown
}
