/** The signature algorithms there are: asymmetric only, so that no public key can ever serve as a secret (CVE-2016-10555). */
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const

/** One of {@link ALGORITHMS}. */
export type Algorithm = (typeof ALGORITHMS)[number]

/** Exact and case-sensitive: `nOnE` and `rs256` are nothing. */
export function isAlgorithm(value: unknown): value is Algorithm {
  return typeof value === 'string' && (ALGORITHMS as readonly string[]).includes(value)
}
