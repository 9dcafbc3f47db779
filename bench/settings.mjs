// How long everything takes. The defaults fill a quarter of an hour at the most; shorter runs are for trying.
import { availableParallelism } from 'node:os'

const number = (name, otherwise) => {
  const text = process.env[name]
  if (text === undefined || text === '') return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${name} is a whole number from 1 on, not '${text}'`)
  return value
}

export const DEFAULT_SECONDS = 2
export const DEFAULT_ROUNDS = 5

export const settings = {
  /** One measured run of the load tool. */
  seconds: number('BENCH_SECONDS', DEFAULT_SECONDS),
  /** How often each is measured; a round before them is thrown away. */
  rounds: number('BENCH_ROUNDS', DEFAULT_ROUNDS),
  /** Each half of the idle watch: one half has no look for work (once a minute), the other has one. */
  idleSeconds: number('BENCH_IDLE_SECONDS', 30),
  /** How many tenants the larger idle server has. */
  idleTenants: number('BENCH_IDLE_TENANTS', 200),
  starts: number('BENCH_STARTS', 20),
  /** How many rows of each kind are written to see what they take on the disk. */
  rows: number('BENCH_ROWS', 5000),
  cores: availableParallelism(),
}

/** A limit that is never reached: what is measured is the server, not its brake. */
export const REQUESTS_PER_MINUTE = 1_000_000_000
export const CONNECTIONS = [1, 16, 64]
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']
export const SCOPE = 'users:read users:write'
