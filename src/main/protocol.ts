import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import type { Session } from 'electron'
import { protocol } from 'electron'

/** The window's only origin. */
export const appOrigin = 'rvpanel://app'
/** The window's only page. */
export const appPage = `${appOrigin}/index.html`

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm'
}

/**
 * What a page or worker may load: its own files, nothing inline, nothing
 * evaluated. WebAssembly is for the layout worker alone, which has a policy of
 * its own because it is a response of its own.
 */
export function contentSecurityPolicy(wasm: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'self'${wasm ? " 'wasm-unsafe-eval'" : ''}`,
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "worker-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'"
  ].join('; ')
}

/** Has to run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'rvpanel', privileges: { standard: true, secure: true } }
  ])
}

/**
 * Serves the files of one folder, listed once: a request is looked up in that
 * list and never becomes a path, so there is no way out of the folder.
 */
export function serveFolder(session: Session, folder: string): void {
  const files = listFiles(folder)
  session.protocol.handle('rvpanel', async (request) => {
    const url = new URL(request.url)
    const file =
      url.host === 'app' && request.method === 'GET' ? files.get(url.pathname) : undefined
    const type = file === undefined ? undefined : types[extname(file)]
    if (file === undefined || type === undefined) {
      return new Response('There is no such file in the program.', {
        status: 404,
        headers: headers('text/plain; charset=utf-8', false)
      })
    }
    const body = await readFile(file)
    const worker = /\/[\w.-]*worker[\w.-]*\.js$/.test(url.pathname)
    return new Response(new Uint8Array(body), { headers: headers(type, worker) })
  })
}

function headers(type: string, wasm: boolean): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': contentSecurityPolicy(wasm),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store'
  }
}

/** URL path to file, regular files only. */
function listFiles(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = relative(folder, file).split(sep).map(encodeURIComponent).join('/')
    files.set(`/${path}`, file)
  }
  return files
}
