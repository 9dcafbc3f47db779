/** `index.ts` under the `browser` condition: the same names, but no bundle can hold a working management client. */
export * from './inbound.js'
export * from './management/browser.js'
