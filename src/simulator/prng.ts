export { Prng } from '../model/prng'
