// What the demo prints. Colour only for a person at a terminal, who has not asked for none (no-color.org).
const colourful = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
const paint = (code) => (text) => (colourful ? `\u001b[${code}m${text}\u001b[0m` : text)

export const bold = paint('1')
export const dim = paint('2')
const green = paint('32')
const red = paint('31')

const print = (text = '') => process.stdout.write(`${text}\n`)

export const title = (text) => print(`\n${bold(text)}`)
export const passed = (what, seen) => print(`  ${green('✓')} ${what}${seen ? dim(`  ${seen}`) : ''}`)
export const failed = (what, why) => print(`  ${red('✗')} ${what}\n      ${why.split('\n').join('\n      ')}`)
export const note = (text) => print(`  ${dim(text)}`)
export const complaint = (text) => process.stderr.write(`${red('demo:')} ${text}\n`)

/** Name and value in two columns. */
export function table(rows) {
  const width = Math.max(...rows.map(([name]) => name.length))
  for (const [name, value] of rows) print(`  ${dim(name.padEnd(width))}  ${value}`)
}

/** Runs a step that takes a while and says how long it took. */
export async function step(what, work) {
  const began = performance.now()
  if (colourful) process.stdout.write(`  ${dim('…')} ${what}`)
  try {
    const result = await work()
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    if (colourful) process.stdout.write('\r\u001b[2K')
    passed(what, `${seconds} s`)
    return result
  } catch (error) {
    if (colourful) process.stdout.write('\r\u001b[2K')
    failed(what, error.message)
    throw new Reported(error)
  }
}

/** An error the reader has already been shown. */
export class Reported extends Error {
  constructor(cause) {
    super(cause.message, { cause })
  }
}
