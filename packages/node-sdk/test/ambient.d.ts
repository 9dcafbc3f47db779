// The two Expresses are npm aliases, whose names carry no types. The type tests use the real ones.
declare module 'express4' {
  // biome-ignore lint/suspicious/noExplicitAny: two majors, one set of tests
  const express: () => any
  export default express
}
declare module 'express5' {
  // biome-ignore lint/suspicious/noExplicitAny: two majors, one set of tests
  const express: () => any
  export default express
}
