import { assertEquals } from "@std/assert";
import { millisecondsOf } from "../../lib/static/file_time.ts";
import { StaticRequestHandler } from "../../lib/static/mod.ts";
import { serve } from "./_site.ts";

/** Seconds since 1970: more than a `Date` holds. */
const BEYOND = 9_000_000_000_000;

Deno.test("millisecondsOf() knows no time that is none", () => {
  assertEquals(millisecondsOf(new Date(5)), 5);
  assertEquals(millisecondsOf(null), undefined);
  assertEquals(millisecondsOf(new Date(NaN)), undefined);
});

/** Times in seconds since 1970, and the date in the listing. */
const TIMES: Readonly<Record<string, readonly [number, string | undefined]>> = {
  "before 1970": [-100, "1969-12-31T23:58:20.000Z"],
  "in 1970": [0, "1970-01-01T00:00:00.000Z"],
  "in a thousand years": [32_503_680_000, "3000-01-01T00:00:00.000Z"],
  "beyond all dates": [BEYOND, undefined],
};

/** One of memory, which holds every time; that of disks ends in 2446. */
const FOLDER = "/dev/shm";

const isMissing = await Deno.stat(FOLDER).then(() => false, () => true);

Deno.test({
  name: "a file of any time is served, listed and packed, by descriptors",
  ignore: isMissing,
  async fn(t) {
    for (const [name, [time, modified]] of Object.entries(TIMES)) {
      await t.step(name, async () => {
        const root = await Deno.makeTempDir({ dir: FOLDER });
        await Deno.writeTextFile(`${root}/a.txt`, "a");
        await Deno.utime(`${root}/a.txt`, time, time);
        const folder = {
          path: root,
          [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
        };
        const archives = ["tar", "zip"] as const;
        const Site = StaticRequestHandler.with({ root, archives });
        await using site = serve(folder, root, Site);
        const file = await site.ask("/a.txt");
        assertEquals([file.status, file.body], [200, "a"]);
        const hasDate = file.fields.has("last-modified");
        assertEquals(hasDate, modified !== undefined);
        const queries = ["", "?sort=date", "?archive=tar", "?archive=zip"];
        for (const query of queries) {
          const { status, body } = await site.ask(`/${query}`);
          assertEquals(status, 200);
          assertEquals(body.includes("a.txt"), true);
        }
        const json = await site.ask("/", { Accept: "application/json" });
        assertEquals(JSON.parse(json.body)[0].modified, modified);
      });
    }
  },
});
