import type { TargetInfo } from './port'
import { oneLine } from './sanitize'

type TargetKind = Exclude<TargetInfo['kind'], 'sim'>

/** What the agent's `info` says of a target. */
export interface Facts {
  readonly release: string
  readonly host: string
  readonly bootId: string
  readonly cpus: number
  readonly uid: number | undefined
  /** Where tracefs is mounted, or reachable below debugfs. */
  readonly tracefs: string | undefined
  /** pid of the process that every request wakes, so that a silent panel is noticed. */
  readonly lease: number | undefined
  /** The agent's parents up to, and without, pid 1. */
  readonly parents: readonly number[]
}

/** Reads the lines of `info`; unknown and malformed ones are left out. */
export function parseFacts(payload: Uint8Array): Facts {
  const words = new Map<string, string>()
  const mounts: string[] = []
  const debugfs: string[] = []
  const parents: number[] = []
  for (const line of Buffer.from(payload).toString('utf8').split('\n')) {
    const blank = line.indexOf(' ')
    const key = line.slice(0, blank)
    const word = line.slice(blank + 1)
    if (key === 'parent') {
      if (/^[0-9]{1,10}$/.test(word)) parents.push(Number(word))
    } else if (key === 'tracefs' && /^\/[\w./-]{1,200}$/.test(word)) mounts.push(word)
    else if (key === 'debugfs' && /^\/[\w./-]{1,200}$/.test(word)) debugfs.push(word)
    else words.set(key, word)
  }
  const usual = '/sys/kernel/tracing'
  const below = debugfs[0] === undefined ? undefined : `${debugfs[0]}/tracing`
  return {
    release: oneLine(words.get('release') ?? '', 80),
    host: oneLine(words.get('host') ?? '', 80),
    bootId: /^[0-9a-f-]{36}$/.exec(words.get('boot') ?? '')?.[0] ?? '',
    cpus: countCpus(words.get('cpus') ?? ''),
    uid: decimal(words.get('uid')),
    tracefs: mounts.includes(usual) ? usual : (mounts[0] ?? below),
    lease: decimal(words.get('lease')),
    parents
  }
}

function decimal(word = ''): number | undefined {
  return /^[0-9]{1,10}$/.test(word) ? Number(word) : undefined
}

/** Number of CPUs in a kernel list such as `0-3,5`; 1 where it is none. */
export function countCpus(list: string): number {
  let count = 0
  for (const part of list.split(',')) {
    const range = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(part.trim())
    if (!range) continue
    count += Math.max(0, Number(range[2] ?? range[1]) - Number(range[1]) + 1)
  }
  return Math.max(1, Math.min(count, 8192))
}

/**
 * Makes the head line of a target whose tracefs the panel can use; otherwise
 * throws an Error whose one sentence says what is missing and what to do.
 * `probe` asks what a folder looks like from the agent (agent.sh, probe).
 */
export async function describeTarget(
  transport: { readonly kind: TargetKind; readonly name: string | undefined },
  facts: Facts,
  tracefs: string | undefined,
  probe: (path: string) => Promise<string>
): Promise<TargetInfo> {
  const name = transport.name ?? (facts.host === '' ? 'this machine' : facts.host)
  const state = tracefs === undefined ? 'missing' : await probe(tracefs)
  const where = tracefs ?? '/sys/kernel/tracing'
  switch (state) {
    case 'ok':
      return {
        kind: transport.kind,
        name,
        release: facts.release,
        cpus: facts.cpus,
        tracefs: where,
        bootId: facts.bootId
      }
    case 'missing':
      throw new Error(
        `tracefs is not mounted on ${name}: mount -t tracefs tracefs /sys/kernel/tracing (as root).`
      )
    case 'norv':
      throw new Error(
        `The kernel of ${name} (${facts.release}) was built without CONFIG_RV: ${where} has no rv folder.`
      )
    case 'unreadable':
      throw new Error(notAllowed(transport.kind, name, where, facts.uid))
    default:
      throw new Error(`The agent on ${name} sent an unknown answer.`)
  }
}

function notAllowed(
  kind: TargetKind,
  name: string,
  where: string,
  uid: number | undefined
): string {
  if (uid === 0) return `${where} on ${name} cannot be read and written, although by root.`
  return kind === 'local'
    ? `${where} on ${name} may be read by root only: run rvpanel as root, or connect to root@localhost by ssh.`
    : `${where} on ${name} may be read by root only: connect as root.`
}
