// The scripts of the listing page, as text. Without them the page is whole: it
// has no filter, dates in UTC, and pictures that are broken stay so.

import { compact } from "./compact.ts";

/**
 * The script of every listing page: the filter, and dates in local form. A
 * folder may have 100,000 entries: a group of rows is touched when it comes into
 * sight, and the names are read when the filter is first used.
 */
export const SCRIPT: string = compact(`
  const table = document.querySelector("main table");
  const groups = [...table.tBodies].filter((group) => group.className !== "up");
  const box = document.querySelector("[type=search]");
  const said = document.querySelector("output");
  const isNarrow = matchMedia("(max-width:40rem)").matches;
  const date = new Intl.DateTimeFormat(undefined, isNarrow ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" });
  const localize = (group) => {
    for (const { lastElementChild: cell } of group.rows) {
      const text = cell.textContent.trim();
      if (text === "") continue;
      cell.title = text + " UTC";
      cell.textContent = date.format(new Date(text.replace(" ", "T") + "Z"));
    }
  };
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      localize(target);
    }
  }, { rootMargin: "1000px" });
  if (groups.length > 0) localize(groups[0]);
  for (const group of groups.slice(1)) sight.observe(group);
  table.querySelector("small").remove();
  let known;
  const readNames = () => groups.map((group) => ({
    group,
    rows: [...group.rows].map((row) => ({ row, name: row.cells[0].textContent.toLowerCase() })),
  }));
  const filter = () => {
    known ??= readNames();
    const wanted = box.value.trim().toLowerCase();
    const height = known[0].rows.find(({ row }) => !row.hidden)?.row.offsetHeight || 42;
    let all = 0;
    let shown = 0;
    for (const { group, rows } of known) {
      let count = 0;
      for (const { row, name } of rows) {
        const isShown = name.includes(wanted);
        if (row.hidden === isShown) row.hidden = !isShown;
        if (isShown) count++;
      }
      group.hidden = count === 0;
      group.style.containIntrinsicSize = count < rows.length ? "auto none " + count * height + "px" : "";
      all += rows.length;
      shown += count;
    }
    said.textContent = wanted === "" ? "" : shown + " of " + all + " shown";
  };
  box.hidden = groups.length === 0 || groups[0].rows.length < 2;
  box.oninput = filter;
  addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target === document.body && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
    }
    if (event.key === "Escape" && event.target === box) {
      box.value = "";
      filter();
    }
  });
  if (box.value !== "") filter();
`);

/** Stands before the rows: a picture that cannot be shown makes room for an icon. */
export const BROKEN_SCRIPT: string = compact(`
  addEventListener("error", ({ target }) => {
    const cell = target.parentNode;
    if (cell?.classList?.contains("p")) {
      cell.classList.remove("p");
      target.remove();
    }
  }, true);
`);

/** The script added where there are thumbnails: films load when they come into view. */
export const THUMBNAIL_SCRIPT: string = compact(`
  const films = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      films.unobserve(target);
      target.preload = "metadata";
    }
  });
  for (const film of document.querySelectorAll("main video")) films.observe(film);
`);
