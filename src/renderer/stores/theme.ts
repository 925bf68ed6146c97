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
  const forced = window.matchMedia('(forced-colors: active)')
  const more = window.matchMedia('(prefers-contrast: more)')
  const apply = (): void => {
    const { theme, motion, density, colours } = settings
    const { dataset } = document.documentElement
    dataset.theme = theme === 'light' || (theme === 'system' && light.matches) ? 'light' : 'dark'
    dataset.motion = motion === 'off' || (motion === 'system' && still.matches) ? 'off' : 'on'
    dataset.colours = colours
    // Style sheets ask the system themselves; what is painted on a canvas looks here.
    dataset.contrast = forced.matches ? 'forced' : more.matches ? 'more' : 'standard'
    applyDensity(density, document.documentElement)
  }
  const stop = watchEffect(apply)
  const queries = [light, still, forced, more]
  for (const query of queries) query.addEventListener('change', apply)
  return () => {
    stop()
    for (const query of queries) query.removeEventListener('change', apply)
  }
}
