/**
 * Handler classes under hosts that speak fetch, and fetch handlers on the TCP
 * loop.
 *
 * @module
 */

export { fromFetch, type FromFetchInfo } from "./from_fetch.ts";
export {
  type FetchHandler,
  type FetchInfo,
  toFetch,
  type ToFetchOptions,
} from "./to_fetch.ts";
