import { ref, watch } from 'vue'
import type { Panel } from './panel'

/** The page on which a target is chosen: without a target, and whenever one comes back to it. */
export const startShown = ref(false)

/**
 * Without a target the start page is there, and a target that is connected takes its place. While
 * one is being connected it is as it was: a program that opens on a target does not flash.
 *
 * @returns stops following
 */
export function followTarget(panel: Panel): () => void {
  const stopSelection = watch([panel.selected, panel.tab, panel.violation], () => {
    // Whoever goes to a monitor, as from the palette, wants to see it.
    if (panel.target.value.phase === 'connected') startShown.value = false
  })
  const stopTarget = watch(
    [panel.ready, () => panel.target.value.phase, () => panel.target.value.generation] as const,
    ([ready, phase]) => {
      if (!ready) return
      if (phase === 'none') startShown.value = true
      else if (phase !== 'connecting' && phase !== 'authenticating') startShown.value = false
    },
    { immediate: true, flush: 'sync' }
  )
  return () => {
    stopSelection()
    stopTarget()
  }
}
