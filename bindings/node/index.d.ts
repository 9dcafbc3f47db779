/** A public key, taken in once by {@link importKey}. */
export declare class KeyHandle {
  private constructor()
  /** The one algorithm this key checks. */
  get algorithm(): 'RS256' | 'ES256' | 'EdDSA'
}

/**
 * Takes in one public JWK, given as JSON in UTF-8.
 * @throws an `Error` whose `code` is `malformed_key`, `not_a_public_key` or `unsuitable_key`
 */
export declare function importKey(jwkJson: Uint8Array): KeyHandle

/**
 * Whether `signature` is the key's over the Latin-1 bytes of `signingInput`; false for a text with any other
 * character. Arguments of another type throw.
 */
export declare function checkSync(key: KeyHandle, signingInput: string, signature: Uint8Array): boolean

/** The same off the calling thread. Arguments are copied before it returns; wrong types throw, not reject. */
export declare function check(key: KeyHandle, signingInput: string, signature: Uint8Array): Promise<boolean>

/** The version of the addon. */
export declare function version(): string
