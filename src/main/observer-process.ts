import { serveObserver } from './observer-serving'

serveObserver()
