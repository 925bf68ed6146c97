import type { Page } from 'playwright-core'

/**
 * What is wrong with the layout of the page as it is, in one line each: a page that scrolls
 * sideways, text that is cut without a sign of it, and controls that are out of reach.
 */
export function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = []
    const { innerWidth: width, innerHeight: height } = window
    const root = document.documentElement
    if (root.scrollWidth > width || document.body.scrollWidth > width)
      problems.push(`the page is ${String(root.scrollWidth)} of ${String(width)} px wide`)
    if (root.scrollHeight > height) problems.push('the page scrolls')

    /** How an element is told in a sentence. */
    const named = (element: Element): string => {
      const text = (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)
      const id = element.closest('[data-testid]')?.getAttribute('data-testid') ?? ''
      return `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} "${text}" in ${id}`
    }
    const isHidden = (element: Element): boolean =>
      !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
      element.closest('.sr-only, [aria-hidden="true"], svg, .unseen, .skip, .xterm, .cm-editor') !==
        null

    /** Why a box is not whole in what is seen of it; undefined: it is, or can be scrolled to. */
    const cut = (element: Element, box: DOMRect, isText: boolean): string | undefined => {
      for (let up: Element | null = element; up && up !== root; up = up.parentElement) {
        const style = getComputedStyle(up)
        if (/auto|scroll/.test(`${style.overflowX} ${style.overflowY}`)) return undefined
        if (!/hidden|clip/.test(style.overflowX)) continue
        if (isText && style.textOverflow === 'ellipsis') {
          // Less than three letters and the dots are no text any more; what has no width is not shown.
          const room = up.clientWidth
          return room > 0 && room < Math.min(24, box.width - 2) ? 'is squeezed away' : undefined
        }
        const edge = up.getBoundingClientRect()
        if (box.right > edge.right + 1.5 || box.left < edge.left - 1.5)
          return `is cut by ${up.className}`
      }
      const isInside =
        box.left >= -1 && box.right <= width + 1 && box.top >= -1 && box.bottom <= height + 1
      return isInside ? undefined : 'is beyond the edge of the window'
    }

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      if (!element || !node.textContent?.trim() || isHidden(element)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const box = range.getBoundingClientRect()
      if (box.width === 0 || box.height === 0) continue
      const why = cut(element, box, true)
      if (why !== undefined) problems.push(`text of ${named(element)} ${why}`)
    }

    const modal = document.querySelector('[role="dialog"][data-state="open"]')
    // A drawer of a narrow window covers what is behind it, as a dialog does.
    const scope = modal ?? document.querySelector('.drawer') ?? document
    for (const control of scope.querySelectorAll('button, input, select, [role="tab"]')) {
      if (isHidden(control)) continue
      const box = control.getBoundingClientRect()
      if (box.width === 0 || box.height === 0) continue
      const why = cut(control, box, false)
      if (why !== undefined) {
        problems.push(`${named(control)} ${why}`)
        continue
      }
      const x = box.left + box.width / 2
      const y = box.top + box.height / 2
      let isSeen = true
      for (let up = control.parentElement; up && isSeen; up = up.parentElement) {
        const style = getComputedStyle(up)
        if (!/auto|scroll|hidden/.test(`${style.overflowX} ${style.overflowY}`)) continue
        const edge = up.getBoundingClientRect()
        isSeen = x > edge.left && x < edge.right && y > edge.top && y < edge.bottom
      }
      if (!isSeen) continue
      // A row that is half scrolled away ends below the border of its pane.
      const over = document.elementFromPoint(x, y)
      if (over?.closest('[role="separator"]')) continue
      if (over && !control.contains(over) && !over.contains(control))
        problems.push(`${named(control)} is under ${named(over)}`)
    }
    return [...new Set(problems)]
  })
}
