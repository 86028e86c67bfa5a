// The style and the scripts of the listing page, as text, and the
// Content-Security-Policy that allows just these by their digests: a file name
// that managed to become markup still could not run or fetch anything.

/** Drawn icons by kind of file: the `d` of one path in a box of 24 by 24. */
const ICONS: Readonly<Record<string, string>> = {
  f: "M6 2h8l5 5v15H5V2zm1 2v16h10V8h-4V4z",
  d: "M2 5h8l2 3h10v12H2z",
  i: "M3 4h18v16H3zm2 2v9l4-4 5 5 2-2 3 3V6zm9 2h3v3h-3z",
  v: "M3 4h18v16H3zm2 2v12h14V6zm5 2 6 4-6 4z",
  a: "M9 4l11-2v15a3 3 0 1 1-2-3V7l-7 1v11a3 3 0 1 1-2-3z",
  t: "M5 2h14v20H5zm2 2v16h10V4zm2 3h6v2H9zm0 4h6v2H9zm0 4h4v2H9z",
  c: "M8 6l2 1-5 5 5 5-2 1-6-6zm8 0l6 6-6 6-2-1 5-5-5-5z",
  z: "M3 3h18v5H3zm1 6h16v12H4zm5 2v2h6v-2z",
  u: "M12 3l8 8-2 2-5-5v13h-2V8l-5 5-2-2z",
};

function icon(kind: string, path: string): string {
  return `.${kind}{--i:url("data:image/svg+xml,` +
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'>` +
    `<path d='${path}'/></svg>")}`;
}

/** The style sheet of every listing page. */
export const STYLE: string = `
:root{color-scheme:light dark;--b:light-dark(#fff,#16181c);--t:light-dark(#1d2127,#e4e7eb);--s:light-dark(#667080,#98a2b0);--l:light-dark(#e5e8ec,#2a2e35);--h:light-dark(#f4f6f9,#1f2329);--a:light-dark(#0a5fc2,#7db7ff)}
*{box-sizing:border-box}
body{margin:auto;max-width:62rem;padding:2rem 1rem 3rem;font:1rem/1.5 system-ui,sans-serif;background:var(--b);color:var(--t)}
h1{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin-bottom:1rem}
nav{flex:1 1 16rem;font-size:1.25rem;font-weight:600;overflow-wrap:anywhere}
nav ol{display:inline;margin:0;padding:0}
nav li{display:inline}
nav li+li::before{content:" / ";color:var(--s);font-weight:400}
a{color:var(--a);text-decoration:none;unicode-bidi:isolate}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--a);outline-offset:2px;border-radius:3px}
input,button{font:inherit;color:inherit;background:var(--h);border:1px solid var(--l);border-radius:.5rem;padding:.4rem .75rem}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{vertical-align:baseline;padding:.5rem .6rem;text-align:left;font-weight:400;border-bottom:1px solid var(--l)}
thead th{font-size:.8rem;white-space:nowrap}
thead a{color:var(--s)}
[aria-sort] a{color:inherit;font-weight:600}
[aria-sort] a::after{content:" ↑"}
[aria-sort^=d] a::after{content:" ↓"}
tbody tr:hover{background:var(--h)}
tbody th{position:relative;padding-left:2.4rem;width:100%;overflow-wrap:anywhere}
tbody th::before{content:"";position:absolute;left:.5rem;top:.5rem;width:1.2rem;height:1.5rem;background:var(--s);mask:var(--i)center/contain no-repeat}
tbody a{color:inherit}
.d a{color:var(--a);font-weight:500}
.d::before{background:var(--a)!important}
td{color:var(--s);font-size:.875rem;text-align:right;white-space:nowrap}
thead th+th{text-align:right}
footer{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;padding:1rem .6rem;color:var(--s);font-size:.875rem}
@media(max-width:34rem){body{padding-top:1rem}input{width:100%}td{font-size:.75rem;padding-left:0}}
${Object.entries(ICONS).map(([kind, path]) => icon(kind, path)).join("\n")}
`;

/** The style added where a README is shown or pictures are. */
export const EXTRA_STYLE: string = `
article{margin-top:1.5rem;padding:1rem 1.5rem;border:1px solid var(--l);border-radius:.75rem;overflow-wrap:anywhere}
article h1{position:static;width:auto;height:auto;clip-path:none;white-space:normal;margin-top:.25rem}
article a{text-decoration:underline}
article img{max-width:100%}
article pre{overflow:auto;padding:.75rem 1rem;background:var(--h);border-radius:.5rem}
article code{font:.875em ui-monospace,monospace}
article table{width:auto}
article :is(th,td){color:inherit;text-align:left!important;font-size:1rem;white-space:normal}
tbody .p{padding-left:.6rem}
.p::before{display:none}
.p :is(img,video){width:6rem;height:4rem;margin-right:.8rem;vertical-align:middle;object-fit:cover;border-radius:.4rem;background:var(--l)}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;padding:.75rem;margin-bottom:1rem;border:1px dashed var(--s);border-radius:.75rem}
form input{flex:1 1 12rem;min-width:0;width:auto}
form.over{background:var(--h);border-color:var(--a)}
progress{width:100%;accent-color:var(--a)}
`;

/** The script of every listing page: the filter, and dates in local form. */
export const SCRIPT: string = `
const find=(s)=>document.querySelectorAll(s),box=find("[type=search]")[0],rows=[...find("main tbody tr:not(.up)")];
const said=find("output")[0],date=new Intl.DateTimeFormat(undefined,matchMedia("(max-width:34rem)").matches?{dateStyle:"medium"}:{dateStyle:"medium",timeStyle:"short"});
for(const t of find("time")){t.title=t.dateTime;t.textContent=date.format(new Date(t.dateTime))}
find("small").forEach((s)=>s.remove());
const names=rows.map((r)=>r.querySelector("a").textContent.toLowerCase());
box.hidden=rows.length<2;
box.oninput=()=>{const w=box.value.trim().toLowerCase();let n=0;rows.forEach((r,i)=>{r.hidden=!names[i].includes(w);n+=!r.hidden});said.textContent=w?n+" of "+rows.length+" shown":""};
addEventListener("keydown",(e)=>{if(e.key==="/"&&e.target===document.body&&!e.ctrlKey&&!e.metaKey){e.preventDefault();box.focus()}if(e.key==="Escape"&&e.target===box){box.value="";box.oninput()}});
if(box.value)box.oninput();
`;

/** The script added where there are thumbnails: films load when they come into view. */
export const THUMBNAIL_SCRIPT: string = `
const seen=new IntersectionObserver((all)=>{for(const {target:v,isIntersecting} of all)if(isIntersecting){v.preload="metadata";seen.unobserve(v)}});
document.querySelectorAll("main video").forEach((v)=>seen.observe(v));
`;

/** The script added where files may be uploaded: drag and drop, with progress. */
export const UPLOAD_SCRIPT: string = `
const form=document.querySelector("form"),pick=form.querySelector("input"),bar=form.querySelector("progress"),told=form.querySelector("span");
const put=(f,done,all)=>new Promise((ok,no)=>{const x=new XMLHttpRequest();x.open("PUT",encodeURIComponent(f.name));
x.setRequestHeader("Content-Type",f.type||"application/octet-stream");
x.upload.onprogress=(e)=>{bar.hidden=false;bar.value=all?(done+e.loaded)/all:1};
x.onload=()=>x.status<300?ok():no(f.name+": "+(x.status===409||x.status===412?"there is a file of this name":x.status===413?"too large":x.status+" "+x.statusText));
x.onerror=()=>no(f.name+": connection lost");x.send(f)});
const send=async(files)=>{const list=[...files],all=list.reduce((n,f)=>n+f.size,0),failed=[];let done=0;
for(const f of list){told.textContent=f.name;await put(f,done,all).catch((e)=>failed.push(e));done+=f.size}
if(failed.length===0)return location.reload();bar.hidden=true;told.textContent=failed.join("; ")};
form.onsubmit=(e)=>{e.preventDefault();send(pick.files)};
pick.onchange=()=>send(pick.files);
for(const n of["dragenter","dragover"])addEventListener(n,(e)=>{e.preventDefault();form.classList.add("over")});
addEventListener("dragleave",(e)=>{if(!e.relatedTarget)form.classList.remove("over")});
addEventListener("drop",(e)=>{e.preventDefault();form.classList.remove("over");send(e.dataTransfer.files)});
`;

const digests = new Map<string, Promise<string>>();

function digest(text: string): Promise<string> {
  let known = digests.get(text);
  if (known === undefined) {
    const bytes = new TextEncoder().encode(text);
    known = crypto.subtle.digest("SHA-256", bytes)
      .then((hash) => `'sha256-${new Uint8Array(hash).toBase64()}'`);
    digests.set(text, known);
  }
  return known;
}

/**
 * Writes the Content-Security-Policy of a page with these inline parts.
 *
 * @param styles The texts of its style elements.
 * @param scripts The texts of its script elements.
 * @returns The policy: nothing from elsewhere, nothing inline but these.
 */
export async function contentSecurityPolicy(
  styles: readonly string[],
  scripts: readonly string[],
): Promise<string> {
  const [style, script] = await Promise.all(
    [styles, scripts].map((texts) => Promise.all(texts.map(digest))),
  );
  return `default-src 'none'; style-src ${style?.join(" ")}; ` +
    `script-src ${
      script?.join(" ")
    }; img-src 'self' data:; media-src 'self'; ` +
    `connect-src 'self'; form-action 'self'; base-uri 'self'; ` +
    `frame-ancestors 'self'`;
}
