import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { AuthDialogue } from '../../src/contract/state'
import type { OpenOptions } from '../../src/target/open'

/** A home of its own for ssh and the panel: configuration, known hosts, journal. */
export class Home {
  readonly folder = mkdtempSync(join(tmpdir(), 'rvpanel-home-'))
  readonly knownHosts = join(this.folder, 'known_hosts')
  readonly config = join(this.folder, 'config')
  readonly stateDir = join(this.folder, 'state')
  /** What was asked, and what was told, so far. */
  readonly dialogues: AuthDialogue[] = []
  readonly progress: string[] = []

  constructor() {
    const lines = [
      `UserKnownHostsFile ${this.knownHosts}`,
      'GlobalKnownHostsFile none',
      'IdentityFile none',
      'IdentityAgent none'
    ]
    writeFileSync(this.config, `${lines.join('\n')}\n`)
  }

  options(answer: (dialogue: AuthDialogue) => string | undefined): OpenOptions {
    return {
      models: [],
      stateDir: this.stateDir,
      sshConfig: this.config,
      onProgress: (message) => this.progress.push(message),
      auth: {
        ask: (dialogue) => {
          this.dialogues.push(dialogue)
          return Promise.resolve(answer(dialogue))
        }
      }
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
