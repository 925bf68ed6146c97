import { compileExpression, type CompiledExpression } from '../model/expression-compiler'
import type { StorageSeed } from '../model/instrumentation'
import { Errno } from './errno'
import { expressionScope, NO_ARGS, type InstanceCell } from './expressions'
import type { EngineCore } from './monitor'
import type { ObjectStorage } from './object-storage'

interface Seed {
  readonly each: 'cpu' | 'task'
  readonly id: CompiledExpression
  readonly when: CompiledExpression | undefined
}

/** The instances that enabling a monitor makes (init_storage() of the deadline monitors). */
export class StorageSeeds {
  private readonly seeds: readonly Seed[]
  private readonly cell: InstanceCell = { key: 0 }

  /** @throws Errno EINVAL for a name that this kernel does not have */
  constructor(
    private readonly core: EngineCore,
    private readonly monitor: string,
    seeds: readonly StorageSeed[]
  ) {
    this.seeds = seeds.map(({ each, id, when }) => {
      const options = { cpuIsInstance: each === 'cpu' }
      const scope = expressionScope({ ...core, monitor }, undefined, this.cell, options)
      return {
        each,
        id: compileExpression(id, scope),
        when: when === undefined ? undefined : compileExpression(when, scope)
      }
    })
  }

  /** @throws Errno ENOMEM where the storage is full; what was made is still there */
  plant(storage: ObjectStorage): void {
    const { host } = this.core
    for (const seed of this.seeds) {
      const one = (key: number): void => this.plantOne(seed, key, storage)
      if (seed.each === 'task') host.forEachTask(one)
      else for (let cpu = 0; cpu < host.possibleCpus; cpu++) one(cpu)
    }
  }

  private plantOne({ id, when }: Seed, key: number, storage: ObjectStorage): void {
    this.cell.key = key
    if (when !== undefined && when(NO_ARGS) === 0) return
    if (storage.create(id(NO_ARGS)) < 0) {
      throw new Errno('ENOMEM', `monitor ${this.monitor}: no room for the instances of its storage`)
    }
  }
}
