import { computed, ref, type Ref } from 'vue'
import { defaultSettings } from '../../contract/settings'
import type { Settings } from './settings'

/** The panes around the shown monitor. */
export const PANES = ['left', 'right', 'bottom'] as const
export type Pane = (typeof PANES)[number]
/** Panes that become drawers over the view where the window is narrow. */
export type Side = Exclude<Pane, 'bottom'>

/** A window with fewer px has no room for panes beside its view. */
export const NARROW = 1000

/**
 * Which panes are there, and how large. In a narrow window the panes at the sides are drawers: at
 * most one is open, and none of it is remembered.
 */
export class Layout {
  readonly narrow: Ref<boolean>
  /** The open drawer. */
  readonly drawer = ref<Side | null>(null)

  constructor(
    private readonly settings: Settings,
    page: Pick<Window, 'matchMedia'> = window
  ) {
    const query = page.matchMedia(`(max-width: ${NARROW - 1}px)`)
    this.narrow = ref(query.matches)
    query.addEventListener('change', () => {
      this.narrow.value = query.matches
      this.drawer.value = null
    })
  }

  /** Read in a computed value or a template it follows changes. */
  isOpen(pane: Pane): boolean {
    if (pane !== 'bottom' && this.narrow.value) return this.drawer.value === pane
    return this.settings[`${pane}Open`]
  }

  set(pane: Pane, open: boolean): void {
    if (pane === 'bottom' || !this.narrow.value) this.settings[`${pane}Open`] = open
    else if (open) this.drawer.value = pane
    else if (this.drawer.value === pane) this.drawer.value = null
  }

  toggle(pane: Pane): void {
    this.set(pane, !this.isOpen(pane))
  }

  /** Width or height, px. */
  readonly sizes = computed(() => ({
    left: this.settings.leftWidth,
    right: this.settings.rightWidth,
    bottom: this.settings.bottomHeight
  }))

  resize(pane: Pane, px: number): void {
    this.settings[SIZE_KEYS[pane]] = px
  }

  /** Back to the size of who has never changed it. */
  reset(pane: Pane): void {
    this.resize(pane, defaultSettings()[SIZE_KEYS[pane]])
  }
}

const SIZE_KEYS = { left: 'leftWidth', right: 'rightWidth', bottom: 'bottomHeight' } as const
