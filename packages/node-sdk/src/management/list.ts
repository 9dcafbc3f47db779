import type { Page } from './types.js'

/** Fetches the page at a cursor; `undefined` is where the caller asked to start. */
export type FetchPage<T> = (cursor: string | undefined) => Promise<Page<T>>

/**
 * What `list` returns. Awaited, it is one page; in `for await`, every object from there on, pages being
 * fetched as the loop gets to them. Nothing is sent before one of the two.
 */
export class List<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
  readonly #fetchPage: FetchPage<T>
  #first: Promise<Page<T>> | undefined

  constructor(fetchPage: FetchPage<T>) {
    this.#fetchPage = fetchPage
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is the point
  then<A = Page<T>, B = never>(
    onFulfilled?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#firstPage().then(onFulfilled, onRejected)
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Page<T> | B> {
    return this.#firstPage().catch(onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<Page<T>> {
    return this.#firstPage().finally(onFinally)
  }

  /** The pages themselves. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let page = await this.#firstPage()
    for (;;) {
      yield page
      const cursor = page.meta.next_cursor
      if (cursor === null) return
      page = await this.#fetchPage(cursor)
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.data
  }

  #firstPage(): Promise<Page<T>> {
    this.#first ??= this.#fetchPage(undefined)
    return this.#first
  }
}
