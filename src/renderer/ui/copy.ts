/**
 * Puts a text into the clipboard; the user's click is what allows it. The window
 * grants no permissions, not even that of the asynchronous clipboard: this way
 * needs none. False: it was refused.
 */
export function copyText(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.setAttribute('readonly', '')
  area.setAttribute('aria-hidden', 'true')
  area.className = 'sr-only'
  // What is hidden does not wrap, and would be copied with its runs of spaces folded.
  area.style.whiteSpace = 'pre'
  const focused = document.activeElement
  document.body.append(area)
  try {
    area.select()
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way that needs no permission
    return document.execCommand('copy')
  } catch {
    return false
  } finally {
    area.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}
