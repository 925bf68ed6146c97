export { RvClient, type SwitchName } from './rv-client'
export { TraceInstance } from './trace-instance'
export type { MonitorClass, MonitorEvents, RvMonitor, RvTree } from './tree'
export type { RvPulse } from './read-tree'
export { Observer, type ObserverOptions } from './observer'
export {
  createObserverService,
  type ClientEnd,
  type ObserverService,
  type ServiceOptions
} from './service'
export { systemClock, type Clock } from './clock'
export { openTarget } from './open-target'
export { isRecorded, type RecordedPort } from './recording/port'
