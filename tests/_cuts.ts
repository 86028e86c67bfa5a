/** How many cuts are made of one row at most, by those who cut in one place. */
export const cuts = { most: 400 };
