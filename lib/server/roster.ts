// Who is there, where many come and go. Not a Map or a Set: as those shrink and
// grow again, each of V8's tables keeps the next one alive, and every entry that
// was in it. Once one is old enough the scavenger copies all that comes after
// it, dead or not: a fifth of the time of a server whose clients connect anew
// for each request.

/** Where in a {@linkcode Roster} somebody is. */
export interface Place<T> {
  /** Who it is. */
  readonly item: T;
  /** The position among the others; changes as they leave. */
  index: number;
}

/** A set in which adding and deleting leave nothing behind. */
export class Roster<T> {
  readonly #places: Place<T>[] = [];

  /** How many there are. */
  get size(): number {
    return this.#places.length;
  }

  /**
   * Adds an item.
   *
   * @param item The item, which should not be there yet.
   * @returns Its place, by which it is deleted.
   */
  add(item: T): Place<T> {
    const place = { item, index: this.#places.length };
    this.#places.push(place);
    return place;
  }

  /**
   * Deletes an item, once.
   *
   * @param place What `add` returned for it.
   */
  delete(place: Place<T>): void {
    const last = this.#places.pop();
    if (last === undefined || last === place) return;
    this.#places[place.index] = last;
    last.index = place.index;
  }

  /** All items, as they are now, in no order. */
  items(): T[] {
    return this.#places.map(({ item }) => item);
  }
}
