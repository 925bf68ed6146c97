import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const GUEST = join(dirname(fileURLToPath(import.meta.url)), 'guest')

/** An emulated machine that does not come to its end is stopped after this long. */
const BOOT_MS = 300_000

/** What a script printed, by section; see guest/lib.sh. */
export type Sections = ReadonlyMap<string, string>

/**
 * Boots a kernel on four CPUs, runs a script in it as the first process and waits until the machine
 * switches itself off.
 *
 * @param script for busybox's shell, with the functions of guest/lib.sh; the current folder is tracefs
 * @throws Error with the end of the kernel's console where the script did not come to its end
 */
export async function runInKernel(kernel: string, script: string): Promise<Sections> {
  const folder = mkdtempSync(join(tmpdir(), 'rvpanel-kernel-'))
  try {
    const initramfs = packInitramfs(folder, script)
    const [console_, results] = [join(folder, 'console'), join(folder, 'results')]
    await boot(kernel, initramfs, console_, results)
    const printed = readFileSync(results, 'latin1')
    const sections = sectionsOf(printed)
    if (!sections.has('end')) {
      const tail = readFileSync(console_, 'latin1').split('\n').slice(-40).join('\n')
      throw new Error(`The machine did not come to the end of its script:\n${tail}`)
    }
    return sections
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function packInitramfs(folder: string, script: string): string {
  const files = join(folder, 'root')
  for (const name of ['bin', 'dev', 'proc', 'sys', 'tmp']) {
    mkdirSync(join(files, name), { recursive: true })
  }
  const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim()
  copyFileSync(busybox, join(files, 'bin/busybox'))
  execFileSync('ln', ['-s', 'busybox', join(files, 'bin/sh')])
  const load = join(files, 'bin/load')
  execFileSync('gcc', ['-O1', '-static', '-o', load, join(GUEST, 'load.c'), '-lpthread'])
  copyFileSync(join(GUEST, 'init'), join(files, 'init'))
  execFileSync('chmod', ['755', join(files, 'init')])
  copyFileSync(join(GUEST, 'lib.sh'), join(files, 'lib.sh'))
  writeFileSync(join(files, 'script.sh'), script)
  const image = join(folder, 'initramfs.cpio.gz')
  execFileSync('sh', ['-c', `find . | cpio -o -H newc --quiet -R 0:0 | gzip -1 > ${image}`], {
    cwd: files
  })
  return image
}

async function boot(
  kernel: string,
  initramfs: string,
  console_: string,
  results: string
): Promise<void> {
  const args = [
    // Emulated: a hypervisor is not everywhere, and not needed. In one thread: QEMU before 8.1 has a
    // race between threads where the guest patches its own text, as each switch of a monitor does.
    ...['-accel', 'tcg,thread=single', '-cpu', 'max', '-smp', '4,sockets=4', '-m', '1024'],
    ...['-display', 'none', '-no-reboot', '-monitor', 'none', '-nic', 'none'],
    ...['-kernel', kernel, '-initrd', initramfs],
    ...['-append', `console=ttyS0 panic=-1 loglevel=5 kunit.enable=1 kunit.autorun=1 ${clock()}`],
    ...['-serial', `file:${console_}`, '-serial', `file:${results}`]
  ]
  const qemu = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  qemu.stderr.on('data', (bytes) => (said += String(bytes)))
  const limit = setTimeout(() => qemu.kill('SIGKILL'), BOOT_MS)
  const code = await new Promise<number | null>((done, failed) => {
    qemu.once('error', failed)
    qemu.once('close', done)
  })
  clearTimeout(limit)
  if (code !== 0 && code !== null) throw new Error(`QEMU ended with ${code}: ${said}`)
}

/**
 * The emulated machine counts the host's clock ticks and cannot find out how many make a second while
 * the host is busy; so it is told.
 */
function clock(): string {
  const mhz = /^cpu MHz\s*: ([\d.]+)/m.exec(readFileSync('/proc/cpuinfo', 'latin1'))?.[1]
  return mhz === undefined ? '' : `tsc=reliable tsc_early_khz=${Math.round(Number(mhz) * 1000)}`
}

function sectionsOf(printed: string): Sections {
  const sections = new Map<string, string>()
  for (const part of printed.replaceAll('\r', '').split(/^@@ /m).slice(1)) {
    const end = part.indexOf('\n')
    const [name = '', packed] = part.slice(0, end).split(' ')
    const text = part.slice(end + 1)
    sections.set(
      name,
      packed === 'packed' ? gunzipSync(Buffer.from(text, 'base64')).toString('latin1') : text
    )
  }
  return sections
}
