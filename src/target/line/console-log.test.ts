import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createKmsgDecoder } from '../../trace'
import { ConsoleLog } from './console-log'

/** Records of /dev/kmsg that a test hands out. */
class Records {
  private waiting: ((bytes: Uint8Array | undefined) => void) | undefined
  isClosed = false

  push(text: string | undefined): void {
    this.waiting?.(text === undefined ? undefined : Buffer.from(text))
  }

  next(): Promise<Uint8Array | undefined> {
    return new Promise((resolve) => {
      this.waiting = resolve
    })
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function joined() {
  const log = new ConsoleLog()
  const records = new Records()
  const stream = log.join(records)
  const got: string[] = []
  const decoder = createKmsgDecoder()
  const reading = (async () => {
    for (;;) {
      const bytes = await stream.next()
      if (!bytes) return
      for (const { level, text } of decoder.decode(bytes)) got.push(`${String(level)} ${text}`)
    }
  })()
  return { log, records, got, reading, stream }
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

describe('messages that the console wrote into the line', () => {
  it('are shown once: the record tells more', async () => {
    const { log, records, got } = joined()
    await settle()
    log.line('[   12.000345] usb 1-1: new device')
    records.push('5,7,12000345,-;usb 1-1: new device\n')
    await settle()
    records.push('6,8,13000000,-;second\n')
    await settle()
    // The console may be later than the record, too.
    log.line('[   13.000000] second')
    await settle(20_000)
    expect(got).toEqual(['5 usb 1-1: new device', '6 second'])
  })

  it('are shown where no record comes', async () => {
    const { log, got } = joined()
    await settle()
    log.line('[   12.000345] usb 1-1: new device')
    await settle(4_000)
    expect(got).toEqual([])
    await settle(2_000)
    expect(got).toEqual(['4 usb 1-1: new device'])
  })

  it('are shown at once when the kernel panics, with what came before', async () => {
    const { log, got } = joined()
    await settle()
    log.line('[   12.000001] rv: monitor wip does not allow event x on state y')
    log.line('[   12.000002][    T1] Kernel panic - not syncing: rv: boom')
    log.line('[   12.000003] CPU: 0')
    await settle()
    expect(got).toEqual([
      '4 rv: monitor wip does not allow event x on state y',
      '0 Kernel panic - not syncing: rv: boom',
      '4 CPU: 0'
    ])
  })

  it('are only lines with a time, and nothing that a record could not hold', async () => {
    const { log, records, got, reading } = joined()
    await settle()
    log.line('echo of a command')
    log.line('[   12.000001] \u001b[31mred\u0007;\u00ff')
    records.push(undefined)
    await reading
    expect(got).toEqual(['4 ?[31mred?;?'])
  })
})
