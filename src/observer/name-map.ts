/** Names of states or events that a monitor is given without end would fill memory and the Int16 columns. */
const MAX_NAMES = 1000
const UNSEEN = -1

/** The one name that stands for all beyond the limit. */
const REST = '…'

/**
 * State or event names of one monitor: the model's first, then those that its events teach.
 * Translates the decoder's name indexes by a table, so that a known name costs no lookup by text.
 */
export class NameMap {
  readonly names: string[]
  readonly #byName = new Map<string, number>()
  /** Own index by the decoder's name index. */
  #byDecoded = new Int16Array(256).fill(UNSEEN)
  readonly #limit: number

  constructor(known: readonly string[], limit = MAX_NAMES) {
    this.names = [...known]
    this.#limit = Math.max(limit, known.length)
    known.forEach((name, index) => this.#byName.set(name, index))
  }

  /** The own index of the decoder's name `decoded`. */
  index(decoded: number, decoderNames: readonly string[]): number {
    const known = decoded < this.#byDecoded.length ? this.#byDecoded[decoded] : UNSEEN
    if (known !== undefined && known !== UNSEEN) return known
    return this.#learn(decoded, decoderNames[decoded] ?? '')
  }

  /** The own index of a name that came as text. */
  indexOfText(name: string): number {
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    if (this.names.length >= this.#limit && name !== REST) return this.indexOfText(REST)
    this.#byName.set(name, this.names.length)
    return this.names.push(name) - 1
  }

  #learn(decoded: number, name: string): number {
    if (decoded >= this.#byDecoded.length) {
      const grown = new Int16Array(Math.max(decoded + 1, this.#byDecoded.length * 2)).fill(UNSEEN)
      grown.set(this.#byDecoded)
      this.#byDecoded = grown
    }
    const index = this.indexOfText(name)
    this.#byDecoded[decoded] = index
    return index
  }
}
