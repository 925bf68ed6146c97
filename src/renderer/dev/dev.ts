import { FakeObserver } from './fake-observer'

const query = new URLSearchParams(location.search)
const fake = new FakeObserver(Object.fromEntries(query))
Object.defineProperty(window, 'rvpanel', { value: fake.api })
Object.defineProperty(window, 'fake', { value: fake })
await import('../main')
