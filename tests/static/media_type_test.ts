import { assertEquals } from "@std/assert";
import { EXTENSIONS_MAP, mediaTypeOf } from "../../lib/static/media_type.ts";

/**
 * Extension, our type, that of nginx 1.22 and that of Debian's /etc/mime.types
 * (which Apache reads); `-` where they know none. Where one of them says
 * something else, the last column tells why we differ.
 */
const TABLE = `
html | text/html; charset=UTF-8 | text/html | text/html
xhtml | application/xhtml+xml | application/xhtml+xml | application/xhtml+xml
css | text/css; charset=UTF-8 | text/css | text/css
js | text/javascript; charset=UTF-8 | application/javascript | text/javascript | RFC 9239
mjs | text/javascript; charset=UTF-8 | - | text/javascript
cjs | text/javascript; charset=UTF-8 | - | -
ts | text/typescript; charset=UTF-8 | video/mp2t | text/vnd.trolltech.linguist | source code is text
mts | text/typescript; charset=UTF-8 | - | model/vnd.mts | source code is text
tsx | text/tsx; charset=UTF-8 | - | -
jsx | text/jsx; charset=UTF-8 | - | -
vue | text/plain; charset=UTF-8 | - | -
svelte | text/plain; charset=UTF-8 | - | -
json | application/json; charset=UTF-8 | application/json | application/json
jsonl | application/jsonl; charset=UTF-8 | - | -
ndjson | application/x-ndjson; charset=UTF-8 | - | -
map | application/json; charset=UTF-8 | - | -
webmanifest | application/manifest+json; charset=UTF-8 | - | application/manifest+json
xml | application/xml | text/xml | application/xml | application/xml and text/xml mean the same (RFC 7303)
xsl | application/xml | - | application/xslt+xml | XSLT 1.0 is served as XML
rss | application/rss+xml | application/rss+xml | application/x-rss+xml | as nginx
txt | text/plain; charset=UTF-8 | text/plain | text/plain
md | text/markdown; charset=UTF-8 | - | text/markdown
csv | text/csv; charset=UTF-8 | - | text/csv
tsv | text/tab-separated-values; charset=UTF-8 | - | text/tab-separated-values
yaml | text/yaml; charset=UTF-8 | - | -
yml | text/yaml; charset=UTF-8 | - | -
toml | application/toml | - | -
log | text/plain; charset=UTF-8 | - | -
py | text/x-python; charset=UTF-8 | - | text/x-python
rb | text/x-ruby; charset=UTF-8 | - | application/x-ruby | source code is text
go | text/plain; charset=UTF-8 | - | -
rs | text/plain; charset=UTF-8 | - | application/rls-services+xml | source code is text
c | text/x-c; charset=UTF-8 | - | text/x-csrc | one type for C
h | text/x-c; charset=UTF-8 | - | text/x-chdr | one type for C
cpp | text/x-c; charset=UTF-8 | - | text/x-c++src | one type for C
java | text/x-java-source; charset=UTF-8 | - | text/x-java | the registry's name
kt | text/plain; charset=UTF-8 | - | -
swift | text/plain; charset=UTF-8 | - | -
php | application/x-httpd-php | - | -
pl | application/x-perl | application/x-perl | text/x-perl | as nginx
sh | application/x-sh | - | application/x-sh
bash | text/plain; charset=UTF-8 | - | -
zsh | text/plain; charset=UTF-8 | - | -
sql | application/sql | - | application/sql
r | text/plain; charset=UTF-8 | - | -
ps1 | text/plain; charset=UTF-8 | - | -
bat | application/x-msdownload | - | application/x-msdos-program | the registry's name
diff | text/plain; charset=UTF-8 | - | text/x-diff | shown by a browser
patch | text/plain; charset=UTF-8 | - | text/x-diff | shown by a browser
tex | application/x-tex | - | text/x-tex | the registry's name
svg | image/svg+xml | image/svg+xml | image/svg+xml
svgz | image/svg+xml | image/svg+xml | image/svg+xml
png | image/png | image/png | image/png
jpg | image/jpeg | image/jpeg | image/jpeg
jpeg | image/jpeg | image/jpeg | image/jpeg
gif | image/gif | image/gif | image/gif
webp | image/webp | image/webp | image/webp
avif | image/avif | image/avif | image/avif
jxl | image/jxl | - | image/jxl
bmp | image/bmp | image/x-ms-bmp | image/bmp | the registered name
ico | image/vnd.microsoft.icon | image/x-icon | image/vnd.microsoft.icon | the registered name
tif | image/tiff | image/tiff | image/tiff
tiff | image/tiff | image/tiff | image/tiff
heic | image/heic | - | image/heic
mp4 | video/mp4 | video/mp4 | video/mp4
m4v | video/x-m4v | video/x-m4v | video/mp4 | as nginx
webm | video/webm | video/webm | video/webm
ogv | video/ogg | - | video/ogg
mov | video/quicktime | video/quicktime | video/quicktime
mkv | video/x-matroska | - | video/x-matroska
avi | video/x-msvideo | video/x-msvideo | video/x-msvideo
mpeg | video/mpeg | video/mpeg | video/mpeg
mp3 | audio/mpeg | audio/mpeg | audio/mpeg
m4a | audio/mp4 | audio/x-m4a | audio/mp4 | the registered name (RFC 4337)
aac | audio/aac | - | audio/aac
ogg | audio/ogg | audio/ogg | audio/ogg
opus | audio/ogg | - | audio/ogg
wav | audio/wave | - | audio/x-wav | the name of the MIME Sniffing standard
flac | audio/flac | - | audio/flac
mid | audio/midi | audio/midi | audio/sp-midi | as nginx
weba | audio/webm | - | -
m3u8 | application/vnd.apple.mpegurl | application/vnd.apple.mpegurl | application/vnd.apple.mpegurl
vtt | text/vtt; charset=UTF-8 | - | text/vtt
srt | application/x-subrip | - | text/plain | its own type
woff | font/woff | font/woff | font/woff
woff2 | font/woff2 | font/woff2 | font/woff2
ttf | font/ttf | - | font/ttf
otf | font/otf | - | font/otf
eot | application/vnd.ms-fontobject | application/vnd.ms-fontobject | application/vnd.ms-fontobject
pdf | application/pdf | application/pdf | application/pdf
epub | application/epub+zip | - | application/epub+zip
zip | application/zip | application/zip | application/zip
tar | application/x-tar | - | application/x-tar
gz | application/gzip | - | application/gzip
tgz | application/gzip | - | application/x-gtar-compressed | what it is: gzip
bz2 | application/x-bzip2 | - | -
tbz2 | application/x-bzip2 | - | -
xz | application/x-xz | - | application/x-xz
txz | application/x-xz | - | -
zst | application/zstd | - | application/zstd
7z | application/x-7z-compressed | application/x-7z-compressed | application/x-7z-compressed
rar | application/vnd.rar | application/x-rar-compressed | application/vnd.rar | the registered name
jar | application/java-archive | application/java-archive | application/java-archive
deb | application/x-debian-package | application/octet-stream | application/vnd.debian.binary-package | the registry's name
rpm | application/x-redhat-package-manager | application/x-redhat-package-manager | application/x-redhat-package-manager
iso | application/x-iso9660-image | application/octet-stream | application/x-iso9660-image | what it is
dmg | application/x-apple-diskimage | application/octet-stream | application/x-apple-diskimage | what it is
exe | application/x-msdos-program | application/octet-stream | application/x-msdos-program | what it is
apk | application/vnd.android.package-archive | - | application/vnd.android.package-archive
wasm | application/wasm | application/wasm | application/wasm
doc | application/msword | application/msword | application/msword
docx | application/vnd.openxmlformats-officedocument.wordprocessingml.document | application/vnd.openxmlformats-officedocument.wordprocessingml.document | application/vnd.openxmlformats-officedocument.wordprocessingml.document
xls | application/vnd.ms-excel | application/vnd.ms-excel | application/vnd.ms-excel
xlsx | application/vnd.openxmlformats-officedocument.spreadsheetml.sheet | application/vnd.openxmlformats-officedocument.spreadsheetml.sheet | application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
ppt | application/vnd.ms-powerpoint | application/vnd.ms-powerpoint | application/vnd.ms-powerpoint
pptx | application/vnd.openxmlformats-officedocument.presentationml.presentation | application/vnd.openxmlformats-officedocument.presentationml.presentation | application/vnd.openxmlformats-officedocument.presentationml.presentation
odt | application/vnd.oasis.opendocument.text | application/vnd.oasis.opendocument.text | application/vnd.oasis.opendocument.text
ods | application/vnd.oasis.opendocument.spreadsheet | application/vnd.oasis.opendocument.spreadsheet | application/vnd.oasis.opendocument.spreadsheet
odp | application/vnd.oasis.opendocument.presentation | application/vnd.oasis.opendocument.presentation | application/vnd.oasis.opendocument.presentation
rtf | application/rtf | application/rtf | application/rtf
ics | text/calendar; charset=UTF-8 | - | text/calendar
vcf | text/vcard; charset=UTF-8 | - | text/vcard
pem | application/x-x509-ca-cert | application/x-x509-ca-cert | application/pem-certificate-chain | as nginx
crt | application/x-x509-ca-cert | application/x-x509-ca-cert | application/x-x509-ca-cert
sqlite | application/vnd.sqlite3 | - | application/vnd.sqlite3
eps | application/postscript | application/postscript | application/postscript
ps | application/postscript | application/postscript | application/postscript
stl | model/stl | - | model/stl
glb | model/gltf-binary | - | model/gltf-binary
gltf | model/gltf+json | - | model/gltf+json
geojson | application/geo+json | - | application/geo+json
kml | application/vnd.google-earth.kml+xml | application/vnd.google-earth.kml+xml | application/vnd.google-earth.kml+xml
gpx | application/gpx+xml | - | -
graphql | text/plain; charset=UTF-8 | - | -
proto | text/plain; charset=UTF-8 | - | -
`;

const rows = TABLE.trim().split("\n").map((line) => {
  const [extension = "", ours = "", nginx = "", apache = "", why = ""] = line
    .split(" | ");
  return { extension, ours, nginx, apache, why };
});

Deno.test("mediaTypeOf() beside nginx and Apache", async (t) => {
  for (const { extension, ours } of rows) {
    await t.step(`.${extension}`, () => {
      assertEquals(mediaTypeOf(`a.${extension}`, EXTENSIONS_MAP), ours);
    });
  }
});

Deno.test("each type that differs from theirs has a reason", () => {
  const differing = rows.filter(({ ours, nginx, apache }) => {
    const [type = ""] = ours.split(";");
    return [nginx, apache].some((theirs) => theirs !== "-" && theirs !== type);
  });
  assertEquals(
    rows.filter(({ why }) => why !== "").map(({ extension }) => extension),
    differing.map(({ extension }) => extension),
  );
});

Deno.test("mediaTypeOf() goes by the last suffix", () => {
  const tar = ["a.tar.gz", "a.tar.bz2", "a.tar.xz", "a.tar.zst"];
  assertEquals(tar.map((name) => mediaTypeOf(name, EXTENSIONS_MAP)), [
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
    "application/zstd",
  ]);
});
