export * from './inbound.js'
export * from './management/index.js'
