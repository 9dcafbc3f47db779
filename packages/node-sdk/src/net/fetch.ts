import { runtime } from '#runtime'

/** The part of `fetch` the SDK uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The runtime's own, looked up at each call, so that instrumentation installed later is honoured. */
export const defaultFetch: Fetch = (url, init) => runtime.fetch(url, init)
