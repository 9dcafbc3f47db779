// How long from starting the program to its first "ready", on the data the bench has left.
import { stop } from '../scripts/local/children.mjs'
import { startNode } from './installation.mjs'
import { summary } from './statistics.mjs'

export async function measureStarts(subjects, times) {
  const taken = subjects.map(() => [])
  for (let turn = 0; turn < times; turn += 1) {
    for (const [index, { installation }] of subjects.entries()) {
      const node = await startNode(installation)
      taken[index].push(node.readyMs)
      await stop(node.child)
    }
  }
  return subjects.map(({ name }, index) => ({
    side: name,
    millis: summary(taken[index]),
    taken: taken[index],
  }))
}
