// The middle of several rounds and how far they lie apart.
export function summary(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((left, right) => left - right)
  if (sorted.length === 0) return undefined
  const half = sorted.length / 2
  const median = sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2
  return { median, min: sorted[0], max: sorted[sorted.length - 1] }
}

/** Round by round, so that what slowed the machine down in one round slowed both sides. */
export const ratio = (over, under) => summary(over.map((value, index) => value / under[index]))
