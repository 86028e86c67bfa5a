/**
 * Tests of handler classes without a socket and without a permission.
 *
 * @module
 */

export { exchange, type ExchangeOptions } from "./exchange.ts";
