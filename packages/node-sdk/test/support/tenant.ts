import type { TestContext } from 'node:test'
import { startTestIssuer, type TestIssuer, type TestIssuerOptions } from '../../src/testing/index.js'
import type { VerifierOptions } from '../../src/verifier/options.js'
import { Verifier } from '../../src/verifier/verifier.js'

/** A tenant that ends with its test. */
export async function tenant(t: TestContext, options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const issuer = await startTestIssuer(options)
  t.after(() => issuer.close())
  return issuer
}

/** A verifier for it that ends with its test. */
export function verifier(
  t: TestContext,
  issuer: TestIssuer,
  options: Partial<VerifierOptions> = {},
): Verifier {
  const made = new Verifier({ ...verifierOptions(issuer), ...options })
  t.after(() => made.close())
  return made
}

/** The options that fit this tenant. */
export function verifierOptions(issuer: TestIssuer) {
  return { tenantUrl: issuer.url, audience: issuer.audience, clock: issuer.clock.now, logger: {} }
}

/** `accept`, or the code of the refusal. */
export async function verdict(of: Verifier, token: string): Promise<string> {
  const { refusal } = await of.judge(token)
  return refusal === undefined ? 'accept' : refusal.code
}

/** The same for many at once, counted. */
export async function verdicts(of: Verifier, tokens: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const one of await Promise.all(tokens.map((token) => verdict(of, token)))) {
    counts[one] = (counts[one] ?? 0) + 1
  }
  return counts
}
