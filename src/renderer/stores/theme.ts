import { watchEffect } from 'vue'
import { applyDensity } from '../ui/density'
import type { Settings } from './settings'

/**
 * Puts what is chosen of the appearance on the document, where the style sheets read it: the theme
 * and the motion of the system where nothing else is chosen, the density, and the set of state
 * colours. Returns the way to stop.
 */
export function followTheme(settings: Settings): () => void {
  const light = window.matchMedia('(prefers-color-scheme: light)')
  const still = window.matchMedia('(prefers-reduced-motion: reduce)')
  const apply = (): void => {
    const { theme, motion, density, colours } = settings
    const { dataset } = document.documentElement
    dataset.theme = theme === 'light' || (theme === 'system' && light.matches) ? 'light' : 'dark'
    dataset.motion = motion === 'off' || (motion === 'system' && still.matches) ? 'off' : 'on'
    dataset.colours = colours
    applyDensity(density, document.documentElement)
  }
  const stop = watchEffect(apply)
  light.addEventListener('change', apply)
  still.addEventListener('change', apply)
  return () => {
    stop()
    light.removeEventListener('change', apply)
    still.removeEventListener('change', apply)
  }
}
