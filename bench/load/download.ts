/**
 * What `/download` sends: the same octets from every server.
 *
 * @module
 */

/** One write of the response body: 64 KiB. */
export const PIECE: Uint8Array<ArrayBuffer> = new Uint8Array(65_536).fill(0x61);

/** The response body: 1,600 pieces, about 100 MB. */
export const DOWNLOAD_OCTETS: number = 1_600 * PIECE.length;
