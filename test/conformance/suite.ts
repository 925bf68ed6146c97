import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { TracefsPort } from '../../src/target/port'
import { booleans } from './booleans'
import { MONITORS } from './catalog'
import { classes } from './classes'
import { containers } from './containers'
import { events } from './events'
import { formats } from './formats'
import { Rv } from './kit'
import { monitors } from './monitors'
import { parameters } from './parameters'
import { reactors } from './reactors'
import { stall } from './stall'
import { tree } from './tree'
import { violations } from './violations'

export interface Conformance {
  /** Opens a target, monitors off. */
  readonly open: () => Promise<TracefsPort>
  /** A monitor that is violated within seconds where there is work, as available_monitors lists it; undefined: none is. */
  readonly violated: string | undefined
  /** How a monitor's violation is brought about, by its name; what is missing cannot be. */
  readonly scenes: Readonly<Record<string, () => Promise<Scene>>>
}

/** A target on which something goes wrong, until the end. */
export interface Scene {
  readonly rv: Rv
  end(): Promise<void>
}

/** What the groups of the suite work with; `rv` is there from the first test on. */
export interface Fixture {
  readonly rv: Rv
  readonly scenes: Conformance['scenes']
}

/** Registers the suite for one target. What it changes it puts back, also after a failure. */
export function conformance(name: string, target: Conformance): void {
  suite(name, target, (fixture) => {
    tree(fixture)
    formats(fixture)
    booleans(fixture)
    monitors(fixture)
    reactors(fixture)
    containers(fixture)
    parameters(fixture)
    events(fixture, target.violated)
    classes(fixture)
    stall(fixture)
    violations(fixture, MONITORS)
  })
}

/** Registers what has to do with several CPUs, and with few switches. */
export function conformanceOfEvents(name: string, target: Conformance): void {
  suite(name, target, (fixture) => {
    events(fixture, target.violated)
    violations(
      fixture,
      MONITORS.filter(({ name }) => name in target.scenes)
    )
  })
}

function suite(
  name: string,
  { open, scenes }: Conformance,
  groups: (fixture: Fixture) => void
): void {
  describe(name, () => {
    let rv: Rv | undefined
    const fixture: Fixture = {
      get rv() {
        if (rv === undefined) throw new Error('the target is not open')
        return rv
      },
      scenes
    }

    beforeAll(async () => {
      rv = new Rv(await open())
    })
    afterEach(() => fixture.rv.putBack())
    afterAll(() => rv?.port.close())
    groups(fixture)
  })
}
