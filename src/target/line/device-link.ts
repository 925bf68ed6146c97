import { execFile, spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { ReadStream } from 'node:tty'

import type { ByteLink } from './link'

/**
 * A serial device at a speed: eight bits, no parity, no flow control. Its settings are put
 * back at the end. Rejects with an Error of one clear sentence.
 */
export async function deviceLink(path: string, baud: number): Promise<ByteLink> {
  await refuseInUse(path)
  const file = await open(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      throw new Error(explain(path, code))
    }
  )
  try {
    const before = await stty(file.fd, ['-g'])
    if (before === undefined) throw new Error(`${path} is no serial line: stty cannot set it.`)
    // -hupcl: the modem lines stay as they are at the end, since many boards reset on DTR.
    // prettier-ignore
    const settings = ['raw', '-echo', 'cs8', '-cstopb', '-parenb', '-crtscts', '-ixon', '-ixoff', 'clocal', 'cread', '-hupcl']
    if ((await stty(file.fd, settings)) === undefined) {
      throw new Error(`${path} is no serial line: stty cannot set it.`)
    }
    if ((await stty(file.fd, ['ispeed', String(baud), 'ospeed', String(baud)])) === undefined) {
      throw new Error(`${path} does not do ${String(baud)} baud.`)
    }
    return new DeviceLink(path, file, before)
  } catch (error) {
    await file.close()
    throw error
  }
}

type Handle = Awaited<ReturnType<typeof open>>

class DeviceLink implements ByteLink {
  onBytes: (chunk: Uint8Array) => void = () => undefined
  readonly ended: Promise<string>
  private readonly stream: ReadStream
  private closing: Promise<void> | undefined

  constructor(
    path: string,
    private readonly file: Handle,
    private readonly before: string
  ) {
    // A terminal's stream is polled; a file's would hold a thread in read(2).
    this.stream = new ReadStream(file.fd)
    const { stream } = this
    this.ended = new Promise((resolve) => {
      const gone = (): void => {
        resolve(`The link to the target is gone: ${path} was unplugged or hung up.`)
      }
      stream.once('end', gone)
      stream.once('close', gone)
      stream.on('error', gone)
    })
    stream.on('data', (chunk: Buffer) => {
      this.onBytes(chunk)
    })
  }

  write(text: string): void {
    if (!this.stream.destroyed) this.stream.write(text)
  }

  close(): Promise<void> {
    this.closing ??= this.leave()
    return this.closing
  }

  private async leave(): Promise<void> {
    // hupcl stays off: it would drop DTR right now.
    await stty(this.file.fd, [this.before])
    await stty(this.file.fd, ['-hupcl'])
    this.stream.destroy()
    // The stream has closed it, or closes it now.
    await this.file.close().catch(() => undefined)
  }
}

/** Runs stty on an open terminal; undefined: it refused. */
function stty(fd: number, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn('stty', args, { stdio: [fd, 'pipe', 'ignore'] })
    let said = ''
    child.stdout?.setEncoding('latin1')
    child.stdout?.on('data', (text: string) => (said += text))
    child.once('error', () => {
      reject(new Error('stty is not installed on this machine: install coreutils.'))
    })
    child.once('close', (code) => {
      resolve(code === 0 ? said.trim() : undefined)
    })
  })
}

function explain(path: string, code: string): string {
  switch (code) {
    case 'ENOENT':
      return `There is no ${path}: is the adapter plugged in?`
    case 'EACCES':
      return `${path} may not be opened: its group (often dialout) has to have you as a member.`
    case 'EBUSY':
      return `${path} is in use by another program.`
    case 'ENXIO':
    case 'EIO':
      return `${path} has no device behind it.`
    default:
      return `${path} cannot be opened: ${code}.`
  }
}

/** Terminal programs lock a line with a file that holds their pid (FHS, /var/lock). */
async function refuseInUse(path: string): Promise<void> {
  for (const folder of ['/var/lock', '/run/lock']) {
    const text = await readFile(`${folder}/LCK..${basename(path)}`, 'latin1').catch(() => '')
    const pid = Number(text.trim())
    if (!Number.isSafeInteger(pid) || pid <= 0) continue
    const alive = await new Promise<boolean>((resolve) => {
      execFile('kill', ['-0', String(pid)], (error) => {
        resolve(error === null)
      })
    })
    if (alive) throw new Error(`${path} is in use by process ${String(pid)}.`)
  }
}
