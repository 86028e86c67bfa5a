// The style of the listing page, as text. Rows are a grid: on a narrow screen
// size and date go below the name. Browsers skip the groups of rows that are out
// of sight (`content-visibility`), which a table laid out as one cannot.

import { PAGE_STYLE } from "../handler/page_style.ts";
import { compact } from "./compact.ts";

/** Drawn icons by kind of file: the `d` of one path in a box of 24 by 24. */
const ICONS: Readonly<Record<string, string>> = {
  d: "M2 5h8l2 3h10v12H2z",
  i: "M3 4h18v16H3zm2 2v9l4-4 5 5 2-2 3 3V6zm9 2h3v3h-3z",
  v: "M3 4h18v16H3zm2 2v12h14V6zm5 2 6 4-6 4z",
  a: "M9 4l11-2v15a3 3 0 1 1-2-3V7l-7 1v11a3 3 0 1 1-2-3z",
  c: "M8 6l2 1-5 5 5 5-2 1-6-6zm8 0l6 6-6 6-2-1 5-5-5-5z",
  z: "M3 3h18v5H3zm1 6h16v12H4zm5 2v2h6v-2z",
  u: "M12 3l8 8-2 2-5-5v13h-2V8l-5 5-2-2z",
};

/** Of whatever has no icon of its own. */
const FILE = "M5 2h9l5 5v15H5zm2 2v16h10V8h-4V4zm2 7h6v2H9zm0 4h6v2H9z";

function icon(selector: string, path: string): string {
  return `${selector}{--i:url("data:image/svg+xml,` +
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'>` +
    `<path d='${path}'/></svg>")}`;
}

/** The style sheet of every listing page. */
export const STYLE: string = PAGE_STYLE + compact(`
  h1{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
  [hidden]{display:none!important}
  header{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin-bottom:1.25rem}
  nav{flex:1 1 16rem;font-size:1.25rem;font-weight:600}
  nav ol{display:inline;margin:0;padding:0}
  nav li{display:inline}
  nav li+li::before{content:" / ";color:var(--s);font-weight:400}
  nav [aria-current]{color:inherit}
  [role=search]{display:flex;flex-flow:row-reverse wrap;align-items:center}
  output{color:var(--s);font-size:.875rem}
  output:not(:empty){padding:.25rem .75rem}
  input,button,label{font:inherit;color:inherit;background:var(--h);border:1px solid var(--l);border-radius:.5rem;padding:.4rem .75rem}
  ::placeholder{color:var(--s);opacity:1}
  table,thead,tbody{display:block}
  tr{display:grid;grid-template-columns:minmax(0,1fr) 6rem 12.5rem;align-items:baseline;position:relative;border-bottom:1px solid var(--l)}
  th,td{padding:.5rem .6rem;text-align:left;font-weight:400}
  td,thead th+th{text-align:right}
  td{color:var(--s);font-size:.875rem;white-space:nowrap;font-variant-numeric:tabular-nums}
  thead th{font-size:.8125rem}
  thead a{color:var(--s)}
  [aria-sort] a{color:inherit;font-weight:600}
  [aria-sort] a::after{content:" ↑"}
  [aria-sort^=d] a::after{content:" ↓"}
  small{font-size:inherit;color:var(--s)}
  .g{content-visibility:auto;contain-intrinsic-size:auto 330rem}
  tbody tr:hover{background:var(--h)}
  tbody th{padding-left:2.4rem}
  tbody th::before{content:"";position:absolute;left:.5rem;top:.5rem;width:1.2rem;height:1.5rem;background:var(--s);mask:var(--i)center/contain no-repeat}
  tbody a{color:inherit}
  tbody a::after{content:"";position:absolute;inset:0}
  tbody a:focus-visible{outline:0}
  tbody a:focus-visible::after{outline:2px solid var(--a);outline-offset:-2px;border-radius:3px}
  .d a{color:var(--a);font-weight:500}
  .d::before{background:var(--a)!important}
  footer{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;padding:1rem .6rem;color:var(--s);font-size:.875rem}
  @media(max-width:40rem){
  body{padding-top:1rem}
  [role=search]{flex:1 1 auto;flex-flow:wrap}
  [type=search]{flex:1 1 100%}
  tr{grid-template-columns:auto 1fr;padding:.4rem 0}
  thead tr{grid-template-columns:1fr auto auto}
  tbody th{grid-column:1/-1;padding-block:.1rem}
  tbody td{font-size:.8125rem;text-align:left;padding:0 0 .1rem}
  tbody td:nth-child(2){padding-left:2.4rem}
  tbody td:not(:empty)+td{padding-left:.75rem}
  .g{contain-intrinsic-size:auto 470rem}
  }
  ${icon("table", FILE)}
  ${
  Object.entries(ICONS).map(([kind, path]) => icon(`.${kind}`, path)).join("\n")
}
`);

/** The style added where there are pictures or a README. */
export const EXTRA_STYLE: string = compact(`
  article{margin-top:1.5rem;padding:1rem 1.5rem;border:1px solid var(--l);border-radius:.75rem}
  article h1{position:static;width:auto;height:auto;clip-path:none;white-space:normal;margin-top:.25rem}
  article a{text-decoration:underline}
  article img{max-width:100%}
  article pre{overflow:auto;padding:.75rem 1rem;background:var(--h);border-radius:.5rem}
  article code{font:.875em ui-monospace,monospace}
  article table{display:table;border-collapse:collapse}
  article thead{display:table-header-group}
  article tbody{display:table-row-group}
  article tr{display:table-row}
  article :is(th,td){padding:.4rem .75rem!important;color:inherit;font-size:1rem!important;text-align:left!important;white-space:normal;border-bottom:1px solid var(--l)}
  article th::before{content:none!important}
  .p.p.p{display:flex;align-items:center;gap:.8rem;padding-left:.6rem}
  .p.p::before{content:none}
  .p :is(img,video){flex:none;width:6rem;height:4rem;object-fit:cover;border-radius:.4rem;background:var(--l)}
  .p img{position:relative}
  .p img::after{content:"";position:absolute;inset:0;background:var(--l)}
  @media(max-width:40rem){.p.p.p~td:nth-child(2){padding-left:7.4rem}}
  .w .g{contain-intrinsic-size:auto 640rem}
  @media(min-width:40.01rem){
  .w tr{align-items:center}
  .w th::before{top:0;bottom:0;height:auto}
  }
`);

/** The style added where files may be uploaded. */
export const UPLOAD_STYLE: string = compact(`
  form{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:center;margin-bottom:1rem}
  form input{border:0;background:none;padding:0;max-width:100%}
  form p{flex:1 1 12rem;margin:0;color:var(--s);font-size:.875rem}
  label{border:0;background:none;padding:0;min-width:0;max-width:100%}
  ::file-selector-button{font:inherit;color:inherit;background:var(--h);border:1px solid var(--l);border-radius:.5rem;padding:.3rem .75rem;margin-right:.6rem}
  .js label{position:relative;overflow:hidden;cursor:pointer}
  .js label,button{padding:.4rem .9rem;color:var(--b);background:var(--a);border:1px solid var(--a);border-radius:.5rem;font-weight:500;cursor:pointer}
  button[type]{color:inherit;background:none;border-color:var(--l)}
  .js label:focus-within{outline:2px solid var(--a);outline-offset:2px}
  .js label input{position:absolute;inset:0;opacity:0;cursor:pointer}
  progress{flex:1 1 100%;height:.5rem;accent-color:var(--a)}
  [role=alert]{flex:1 1 100%;padding:.6rem 1rem;color:var(--e);border:1px solid;border-radius:.5rem}
  [role=alert] ul{margin:0;padding:0 0 0 1.1rem}
  .over{outline:2px dashed var(--a);outline-offset:-.75rem}
`);
