import { watchEffect } from 'vue'
import type { Settings } from './settings'

/** Puts the chosen or the system's theme, and whether things move, on the document; returns the way to stop. */
export function followTheme(settings: Settings): () => void {
  const query = window.matchMedia('(prefers-color-scheme: light)')
  const apply = (): void => {
    const light = settings.theme === 'light' || (settings.theme === 'system' && query.matches)
    document.documentElement.dataset.theme = light ? 'light' : 'dark'
    document.documentElement.dataset.motion = settings.motion === 'off' ? 'off' : 'on'
  }
  const stop = watchEffect(apply)
  query.addEventListener('change', apply)
  return () => {
    stop()
    query.removeEventListener('change', apply)
  }
}
