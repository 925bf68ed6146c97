// Makes docs/kiosk.webp: the kiosk's story as a short animation, from pictures of the built program.
//
// usage: node scripts/kiosk-animation.mjs        (needs ffmpeg)
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { _electron } from 'playwright-core'
import { ensureBuilt } from './lib/build.mjs'
import { startVirtualDisplay } from './lib/display.mjs'
import { root } from './lib/run.mjs'

/** Pictures of a second. */
const RATE = 4
/** The story is told so much faster than to a visitor. */
const SPEED = 3

await ensureBuilt()
const folder = mkdtempSync(path.join(tmpdir(), 'rvpanel-kiosk-'))
const display = await startVirtualDisplay()
const app = await _electron.launch({
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${path.join(folder, 'profile')}`,
    root,
    '--kiosk',
    '--kiosk-speed',
    String(SPEED)
  ],
  env: { ...process.env, DISPLAY: display.name }
})
try {
  const page = await app.firstWindow()
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.waitForSelector('[data-testid="kiosk"][data-phase="staying"]')
  let count = 0
  const pictures = []
  while ((await page.getAttribute('[data-testid="kiosk"]', 'data-told')) === '0') {
    const next = globalThis.performance.now() + 1000 / RATE
    pictures.push(await page.screenshot())
    await delay(Math.max(0, next - globalThis.performance.now()))
  }
  for (const picture of pictures) {
    writeFileSync(path.join(folder, `${String(count++).padStart(4, '0')}.png`), picture)
  }
  const file = path.join(root, 'docs/kiosk.webp')
  execFileSync(
    'ffmpeg',
    // prettier-ignore
    ['-y', '-loglevel', 'error', '-framerate', String(RATE), '-i', path.join(folder, '%04d.png'),
      '-vf', 'scale=800:-1:flags=lanczos', '-loop', '0', '-c:v', 'libwebp_anim', '-quality', '55', '-compression_level', '6', file]
  )
  console.log(`${file}: ${count} pictures, ${Math.round(statSync(file).size / 1024)} KiB`)
} finally {
  app.process().kill('SIGTERM')
  await new Promise((resolve) => app.process().once('exit', resolve))
  display.stop()
  rmSync(folder, { recursive: true, force: true })
}
