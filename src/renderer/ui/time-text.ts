import { usePanel } from '../stores/panel'
import { duration, moment } from './text'

/**
 * How the user wants to read when something happened: `12.345678`, seconds since the target's boot,
 * or `−1.20 s`, how long before the time that the views show. Read in a template it follows both.
 */
export function useTimeText(): (sec: number, nsec: number) => string {
  const panel = usePanel()
  return (sec, nsec) => {
    if (panel.settings.times === 'boot') return moment(sec, nsec)
    panel.refresh()
    return `−${duration(panel.clock.since(sec, nsec))}`
  }
}
