/** The part of a request the SDK reads: Node's own, so Express's, and most frameworks' beside. */
export interface HttpRequest {
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  /** Names and values in turn, as they came. Node folds repeated headers away elsewhere. */
  readonly rawHeaders?: readonly string[]
}

/** The part of a response the SDK writes. */
export interface HttpResponse {
  statusCode: number
  readonly headersSent: boolean
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}
