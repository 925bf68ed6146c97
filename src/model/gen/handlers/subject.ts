import type { Instrumentation, Subject } from '../../instrumentation'
import type { Expression } from '../../expression'
import { expressionToC } from './expression'
import { CURRENT } from './scope'
import type { CScope } from './scope'
import { flat } from './text'
import { fits } from './value'
import type { CValue } from './value'

/** What a per_obj monitor's instances belong to. */
export type ObjectKind = 'dl' | 'none'

/** An instance as the arguments of the kernel's calls. */
export interface CSubject {
  /** Arguments before the event: none, a task, or number and object. */
  readonly args: readonly string[]
  /** A pointer that may be NULL, and then there is no instance. */
  readonly nullable: string | undefined
  /** per_obj: whether the object is known, not only its number. */
  readonly isKnown: boolean
}

/**
 * The instance that a rule is about. Of an object, its number says where its instance is, and the
 * object itself what its attributes are read of: that of a task's pid is the task's own deadline
 * entity. Of a number that is computed no object is known; NULL leaves the one that is known.
 */
export function subjectToC(on: Subject, scope: CScope, objects: ObjectKind): CSubject {
  switch (on.kind) {
    case 'cpu':
    case 'global':
      return { args: [], nullable: undefined, isKnown: true }
    case 'current':
      return { args: [CURRENT], nullable: undefined, isKnown: true }
    case 'field': {
      const { pointer, nullable } = scope.task({ kind: 'field', name: on.name })
      return { args: [pointer], nullable: nullable ? pointer : undefined, isKnown: true }
    }
    case 'id': {
      const of = objectOf(on.of, scope)
      const args = [of.id ?? flat(expressionToC(on.of, scope).text)]
      const isKnown = of.target !== undefined
      args.push(objects === 'dl' && of.target !== undefined ? of.target : 'NULL')
      return { args, nullable: of.nullable, isKnown }
    }
  }
}

interface ObjectOf {
  readonly id?: string
  readonly target?: string
  readonly nullable: string | undefined
}

function objectOf(of: Expression, scope: CScope): ObjectOf {
  // The one integer that is a pointer in C: the object itself.
  if (of.kind === 'field' && of.name === 'dl_se') return { target: of.name, nullable: undefined }
  if (of.kind !== 'task' || !['pid', 'dl_server'].includes(of.attribute)) {
    return { nullable: undefined }
  }
  const { pointer, nullable } = scope.task(of.of)
  const sure = { ...scope, task: () => ({ pointer, nullable: false }) }
  return {
    id: flat(expressionToC(of, sure).text),
    target: of.attribute === 'pid' ? `&${pointer}->dl` : `${pointer}->dl_server`,
    nullable: nullable ? pointer : undefined
  }
}

/** Whether the numbers of a monitor's objects may be larger than an int. */
export function isWide(value: CValue): boolean {
  return !fits(value.min, value.max, 'int')
}

/** What a monitor's objects are: deadline entities where it asks or is told of one. */
export function objectKind({ type, tracepoints, hybrid, storage }: Instrumentation): ObjectKind {
  if (type !== 'per_obj') return 'none'
  const asked = [...(hybrid?.environment.values() ?? []), ...(hybrid?.values.values() ?? [])]
  const named = tracepoints.flatMap((t) =>
    t.steps
      .flat()
      .flatMap(({ on, when }) => [...(on.kind === 'id' ? [on.of] : []), ...(when ? [when] : [])])
  )
  const seeded = (storage ?? []).map(({ id }) => id)
  return [...asked, ...named, ...seeded].some(isAboutEntities) ? 'dl' : 'none'
}

/** Whether a monitor's guards or invariants ask its object for something. */
export function asksObject({ hybrid }: Instrumentation): boolean {
  const asked = [...(hybrid?.environment.values() ?? []), ...(hybrid?.values.values() ?? [])]
  return asked.some((e) => some(e, (one) => one.kind === 'object'))
}

const isAboutEntities = (of: Expression): boolean =>
  some(
    of,
    (one) =>
      one.kind === 'object' ||
      (one.kind === 'field' && one.name === 'dl_se') ||
      (one.kind === 'task' && one.attribute === 'dl_server')
  )

function some(of: Expression, is: (one: Expression) => boolean): boolean {
  if (is(of)) return true
  if (of.kind === 'unary') return some(of.of, is)
  return of.kind === 'binary' && (some(of.left, is) || some(of.right, is))
}
