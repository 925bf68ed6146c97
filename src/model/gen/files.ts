/** A file that a generator made; its path is relative to the folder that it is written into. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** Why nothing can be generated, in one sentence. */
export class GenerateError extends Error {
  override readonly name = 'GenerateError'
}

/** What a generator made. */
export interface Generated {
  /** Name of the monitor or container. */
  readonly name: string
  /** Their paths are file names: they stand in one folder called like the monitor. */
  readonly files: readonly GeneratedFile[]
  /** What works, but perhaps not as meant; one sentence each. */
  readonly warnings: readonly string[]
}
