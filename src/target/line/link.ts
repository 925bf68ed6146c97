/** Bytes to and from the far end, with nothing promised about them. */
export interface ByteLink {
  /** Takes what comes; one owner at a time. */
  onBytes: (chunk: Uint8Array) => void
  write(text: string): void
  /** Settles with one sentence when the link ends by itself. Never rejects. */
  readonly ended: Promise<string>
  close(): Promise<void>
}
