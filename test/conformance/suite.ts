import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { TracefsPort } from '../../src/target/port'
import { booleans } from './booleans'
import { containers } from './containers'
import { events } from './events'
import { Rv } from './kit'
import { monitors } from './monitors'
import { reactors } from './reactors'
import { tree } from './tree'

export interface Conformance {
  /** Opens a target, monitors off. */
  readonly open: () => Promise<TracefsPort>
  /** A monitor that is violated within seconds where there is work, as available_monitors lists it. */
  readonly violated: string
}

/** What the groups of the suite work with; `rv` is there from the first test on. */
export interface Fixture {
  readonly rv: Rv
}

/** Registers the suite for one target. What it changes it puts back, also after a failure. */
export function conformance(name: string, { open, violated }: Conformance): void {
  describe(name, () => {
    let rv: Rv | undefined
    const fixture: Fixture = {
      get rv() {
        if (rv === undefined) throw new Error('the target is not open')
        return rv
      }
    }

    beforeAll(async () => {
      rv = new Rv(await open())
    })
    afterEach(() => fixture.rv.putBack())
    afterAll(() => rv?.port.close())

    tree(fixture)
    booleans(fixture)
    monitors(fixture)
    reactors(fixture)
    containers(fixture)
    events(fixture, violated)
  })
}
