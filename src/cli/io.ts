import type { Readable, Writable } from 'node:stream'
import type { openTarget } from '../observer'

/** The world that the program runs in; tests bring their own. */
export interface CliIo {
  /** Writes to standard output; resolves when there is room for more, rejects when the reader is gone (EPIPE). */
  out(text: string): Promise<void>
  /** As out(), of what is no text; undefined where standard output is a terminal, which cannot show it. */
  outBytes?(bytes: Uint8Array): Promise<void>
  /** Columns of the terminal that standard output is; undefined where it is none. */
  readonly columns?: number
  /** Writes to standard error. */
  err(text: string): void
  /** Whether standard output shows colours; missing: no. */
  readonly color?: boolean
  /** Asks on the terminal, not on standard output; undefined: there is none, or nobody answers. */
  ask(prompt: string, secret: boolean): Promise<string | undefined>
  /** Standard input; without it nothing is to be read. */
  readonly input?: CliInput
  /** Resolves after so many ms, or when the signal is given. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Given by SIGINT and SIGTERM. */
  readonly stop: AbortSignal
  readonly openTarget: typeof openTarget
  /** Folder of the program's own models. */
  readonly models: string
  /** Folder of the journal that restores a target after a crash. */
  readonly stateDir: string
  readonly version: string
}

/** Where commands come from. */
export interface CliInput {
  readonly stream: Readable
  /** The terminal that a person types on and reads; undefined where a program writes. */
  readonly terminal: Writable | undefined
}

/** What cannot be done, in one sentence; exit code 1. */
export class Failure extends Error {
  override readonly name: string = 'Failure'
}

/** A command line that cannot be meant, in one sentence; exit code 2. */
export class UsageFailure extends Failure {
  override readonly name = 'UsageFailure'
}

/** What somebody typed or sent, for the inside of a sentence: cut, on one line, control characters visible. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

/** Whether the reader of standard output is gone, as after `| head`. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
