// The look that all pages of a server share: error pages, listings, reports.

/** Colors, the text and its links. One line: it goes out with each error. */
export const PAGE_STYLE: string =
  ":root{color-scheme:light dark;--b:light-dark(#fff,#16181c);--t:light-dark(#1d2127,#e4e7eb);--s:light-dark(#596373,#9ba5b3);--l:light-dark(#e3e7ec,#2b3037);--h:light-dark(#f3f6f9,#1f2329);--a:light-dark(#0a5cbd,#82b9ff);--e:light-dark(#b3261e,#ff9b92)}" +
  "*{box-sizing:border-box}" +
  "body{margin:auto;max-width:64rem;padding:2rem 1rem 3rem;font:1rem/1.5 system-ui,sans-serif;background:var(--b);color:var(--t);overflow-wrap:anywhere}" +
  "a{color:var(--a);text-decoration:none;unicode-bidi:isolate}" +
  "a:hover{text-decoration:underline}" +
  ":focus-visible{outline:2px solid var(--a);outline-offset:2px;border-radius:3px}";
