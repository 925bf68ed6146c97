import type { MenuItemConstructorOptions } from 'electron'
import { app, Menu } from 'electron'
import { menuParts, type MenuEntry, type MenuPart } from '../contract/menu'

/**
 * The application menu: standard roles with their standard shortcuts, and the commands of the
 * window. What a window has told once stays in the menu, greyed while it is not there.
 */
export class AppMenu {
  readonly #known = new Map<string, MenuEntry>()

  /** @param choose runs a command of the window, by its id */
  constructor(private readonly choose: (id: string) => void) {
    this.#build()
    app.setAboutPanelOptions({
      applicationName: 'rvpanel',
      applicationVersion: app.getVersion(),
      copyright: 'MIT licence'
    })
  }

  /** The commands as they are now; one that is missing is not possible. */
  tell(entries: readonly MenuEntry[]): void {
    const now = new Map(entries.map((entry) => [entry.id, entry]))
    const menu = Menu.getApplicationMenu()
    let isOther = false
    for (const [id, entry] of now) {
      const before = this.#known.get(id)
      if (before?.title !== entry.title || before.keys !== entry.keys) isOther = true
      this.#known.set(id, entry)
    }
    for (const [id, entry] of this.#known) {
      const enabled = now.get(id)?.enabled === true
      this.#known.set(id, { ...entry, enabled })
      // A menu that is open stays open: it is built anew for other words only.
      const item = menu?.getMenuItemById(id)
      if (item) item.enabled = enabled
    }
    if (isOther) this.#build()
  }

  #build(): void {
    const isMac = process.platform === 'darwin'
    const view: MenuItemConstructorOptions[] = [
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      { role: 'reload' }
    ]
    if (!app.isPackaged) view.push({ role: 'toggleDevTools' })
    const { file, target, monitors, simulator, time, view: views, help } = menuParts
    Menu.setApplicationMenu(
      Menu.buildFromTemplate([
        ...(isMac ? [{ role: 'appMenu' } as const] : []),
        this.#part(file, [{ type: 'separator' }, { role: isMac ? 'close' : 'quit' }]),
        { role: 'editMenu' },
        this.#part(target),
        this.#part(simulator),
        this.#part(monitors),
        this.#part(time),
        this.#part(views, view),
        { role: 'windowMenu' },
        this.#part(help, [{ type: 'separator' }, { role: 'about' }])
      ])
    )
  }

  #part(part: MenuPart, further: MenuItemConstructorOptions[] = []): MenuItemConstructorOptions {
    const own = part.items.flatMap((id): MenuItemConstructorOptions[] => {
      if (id === '-') return [{ type: 'separator' }]
      const entry = this.#known.get(id)
      return entry === undefined ? [] : [this.#item(entry)]
    })
    const submenu = [...own, ...further]
    return { label: part.label, submenu: submenu.filter((item, i) => !isIdle(submenu, item, i)) }
  }

  #item({ id, title, keys, enabled }: MenuEntry): MenuItemConstructorOptions {
    return {
      id,
      label: title.replaceAll('&', '&&'),
      enabled,
      // Shown, and left to the page: it knows whether something is being typed.
      ...(keys === null ? {} : { accelerator: keys, registerAccelerator: false }),
      click: () => {
        this.choose(id)
      }
    }
  }
}

/** A line that parts nothing. */
function isIdle(
  all: readonly MenuItemConstructorOptions[],
  item: MenuItemConstructorOptions,
  at: number
): boolean {
  if (item.type !== 'separator') return false
  return at === 0 || at === all.length - 1 || all[at - 1]?.type === 'separator'
}
