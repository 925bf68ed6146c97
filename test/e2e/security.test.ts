import { describe, expect, it } from 'vitest'
import { frames, launch } from './harness'

/** Runs `script` in the page as the page's own code would. */
type Attempt = string

describe('what the window refuses', () => {
  it('has no Node and no Electron, only the one small API', async () => {
    const { page } = await launch()
    const found = await page.evaluate(() => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      module: typeof Reflect.get(globalThis, 'module'),
      electron: typeof Reflect.get(globalThis, 'electron'),
      api: Object.keys(Reflect.get(globalThis, 'rvpanel') as object).sort()
    }))
    expect(found).toEqual({
      require: 'undefined',
      process: 'undefined',
      module: 'undefined',
      electron: 'undefined',
      api: ['about', 'kioskBeat', 'menu', 'models', 'observer', 'recordings', 'settings']
    })
  })

  it('runs sandboxed and isolated, whatever the page wants', async () => {
    const { app } = await launch()
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      // Not in Electron's typings, on purpose; there is no other way to ask.
      return (
        contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      ).getLastWebPreferences()
    })
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true
    })
  })

  it('runs no inline script, no eval, no inline style, no code from elsewhere', async () => {
    const { page } = await launch()
    const attempts: Record<string, Attempt> = {
      inline: `const s = document.createElement('script'); s.textContent = 'window.reached = "inline"'; document.body.append(s)`,
      handler: `const d = document.createElement('div'); d.setAttribute('onclick', 'window.reached = "handler"'); document.body.append(d); d.click()`,
      data: `const t = document.createElement('script'); t.src = 'data:text/javascript,window.reached="data"'; document.body.append(t)`,
      style: `const u = document.createElement('style'); u.textContent = 'body { outline: 7px solid }'; document.head.append(u)`
    }
    for (const script of Object.values(attempts)) await page.evaluate(script)
    const result = await page.evaluate(async () => {
      // Playwright's own call may evaluate; a task of the page's may not.
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(Reflect.construct(Function, ['return 1']))
          } catch {
            resolve('refused')
          }
        })
      })
      const remote = await fetch('https://example.org/').then(
        () => 'reached',
        () => 'refused'
      )
      return {
        evaluated,
        remote,
        reached: typeof Reflect.get(globalThis, 'reached'),
        outline: getComputedStyle(document.body).outlineWidth === '7px'
      }
    })
    expect(result).toEqual({
      evaluated: 'refused',
      remote: 'refused',
      reached: 'undefined',
      outline: false
    })
  })

  it('opens no other window and goes nowhere', async () => {
    const { app, page } = await launch()
    const before = page.url()
    const opened = await page.evaluate(() => {
      const other = window.open('https://example.org/')
      const link = document.createElement('a')
      link.href = 'https://example.org/'
      document.body.append(link)
      link.click()
      location.assign('file:///etc/passwd')
      return other !== null
    })
    expect(opened).toBe(false)
    // A navigation that was let through would have begun by then.
    await frames(page, 30)
    expect(page.url()).toBe(before)
    expect(app.windows()).toHaveLength(1)
  })

  it('is given no permission', async () => {
    const { page } = await launch()
    const states = await page.evaluate(async () => {
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'midi',
        'clipboard-read'
      ]
      const answers = await Promise.all(
        names.map((name) => navigator.permissions.query({ name: name as PermissionName }))
      )
      const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        () => 'refused'
      )
      return [...answers.map((answer) => answer.state), camera]
    })
    expect(new Set(states)).toEqual(new Set(['denied', 'refused']))
  })

  it('serves the files of the program and nothing beside them', async () => {
    const { app } = await launch()
    const status = (url: string): Promise<number | string> =>
      app.evaluate(
        ({ session }, address) =>
          session.defaultSession.fetch(address).then(
            (response) => response.status,
            () => 'failed'
          ),
        url
      )
    expect(await status('rvpanel://app/index.html')).toBe(200)
    const others = [
      'rvpanel://app/',
      'rvpanel://app/../main/index.js',
      'rvpanel://app/%2e%2e/main/index.js',
      'rvpanel://app/..%2fmain%2findex.js',
      'rvpanel://app/%2fetc%2fpasswd',
      'rvpanel://app//etc/passwd',
      'rvpanel://app/..%5cmain%5cindex.js',
      'rvpanel://app/index.html%00.js',
      'rvpanel://other/index.html'
    ]
    for (const url of others) expect([url, await status(url)]).toEqual([url, 404])
    expect(await status('file:///etc/passwd')).toBe('failed')
  })

  it('sends a strict policy with every answer', async () => {
    const { app } = await launch()
    const policy = await app.evaluate(async ({ session }) => {
      const response = await session.defaultSession.fetch('rvpanel://app/index.html')
      return response.headers.get('content-security-policy') ?? ''
    })
    const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule]))
    expect(rules.get('default-src')).toBe("default-src 'none'")
    expect(rules.get('script-src')).toBe("script-src 'self'")
    for (const rule of ['form-action', 'base-uri', 'frame-ancestors']) {
      expect(rules.get(rule)).toBe(`${rule} 'none'`)
    }
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/)
  })

  it('gives the observer’s port to no page but its own', async () => {
    const { app, page } = await launch()
    const answered = await app.evaluate(async ({ app: program, BrowserWindow, ipcMain }) => {
      const forger = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: `${program.getAppPath()}/out/preload/index.cjs`,
          sandbox: true,
          contextIsolation: true
        }
      })
      let answers = 0
      const post = forger.webContents.mainFrame.postMessage.bind(forger.webContents.mainFrame)
      forger.webContents.mainFrame.postMessage = (...args: Parameters<typeof post>) => {
        answers++
        post(...args)
      }
      const asked = new Promise<void>((resolve) => {
        ipcMain.on('rvpanel:want-port', (event) => {
          if (event.sender === forger.webContents) resolve()
        })
      })
      await forger.loadURL('rvpanel://other/index.html').catch(() => undefined)
      await forger.webContents.executeJavaScript('rvpanel.observer.wantPort()')
      await asked
      forger.destroy()
      return answers
    })
    expect(answered).toBe(0)
    // Nor does the question disturb the line that the own page has.
    await frames(page, 10)
    expect(await page.getByTestId('toast').count()).toBe(0)
    expect(await page.getByTestId('status-phase').getAttribute('data-phase')).toBe('connected')
  })

  it('answers no page but its own about files of models', async () => {
    const { app, page } = await launch()
    const ask = `rvpanel.models.ask({ op: 'shelf' })`
    expect(await page.evaluate(ask)).toMatchObject({ type: 'shelf' })
    const answer = await app.evaluate(async ({ app: program, BrowserWindow }, question) => {
      const forger = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: `${program.getAppPath()}/out/preload/index.cjs`,
          sandbox: true,
          contextIsolation: true
        }
      })
      await forger.loadURL('rvpanel://other/index.html').catch(() => undefined)
      const reply: unknown = await forger.webContents.executeJavaScript(question)
      forger.destroy()
      return reply
    }, ask)
    expect(answer).toEqual({ type: 'failed', message: 'Only the panel’s own page may ask.' })
  })
})
