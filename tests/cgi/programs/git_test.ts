import { assert, assertEquals, assertMatch } from "@std/assert";
import { CgiRequestHandler } from "../../../lib/cgi/cgi_request_handler.ts";
import { isMissing, Serving } from "../_serve.ts";

const BACKEND = "/usr/lib/git-core/git-http-backend";

const decoder = new TextDecoder();

/** Runs git; what it wrote, standard error included. */
async function git(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const output = await new Deno.Command("git", {
    args: ["-c", "user.name=t", "-c", "user.email=t@t", ...args],
    cwd,
    env: {
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
      HOME: cwd,
      ...env,
    },
    stdin: "null",
  }).output();
  const text = decoder.decode(output.stdout) + decoder.decode(output.stderr);
  assert(output.success, `git ${args.join(" ")}: ${text}`);
  return text;
}

/** Commits a file with octets that do not compress. */
async function commit(work: string, name: string, size: number): Promise<void> {
  const octets = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) {
    crypto.getRandomValues(octets.subarray(at, at + 65_536));
  }
  await Deno.writeFile(`${work}/${name}`, octets);
  await git(work, ["add", name]);
  await git(work, ["commit", "-q", "-m", `add ${name}`]);
}

Deno.test({
  name: "git clones, pushes and fetches through git http-backend",
  ignore: isMissing("git", BACKEND),
  async fn() {
    const home = await Deno.makeTempDir();
    const bare = `${home}/srv/repo.git`;
    await Deno.mkdir(`${home}/srv`);
    await git(home, ["init", "-q", "--bare", "-b", "main", bare]);
    await git(bare, ["config", "http.receivepack", "true"]);
    const Git = CgiRequestHandler.with({
      programs: { "/git": BACKEND },
      env: {
        GIT_PROJECT_ROOT: `${home}/srv`,
        GIT_HTTP_EXPORT_ALL: "1",
        HOME: home,
      },
    });
    {
      await using serving = new Serving(Git);
      const url = `${serving.origin}/git/repo.git`;
      const [ann, bob] = [`${home}/ann`, `${home}/bob`];

      // A first push of some MB: too much for one buffer, so it is chunked.
      await git(home, ["init", "-q", "-b", "main", ann]);
      await git(ann, ["remote", "add", "origin", url]);
      await commit(ann, "first", 3_000_000);
      const pushed = await git(ann, ["push", "-q", "origin", "main"], {
        GIT_TRACE_CURL: "1",
      });
      assertMatch(pushed, /Transfer-Encoding: chunked/i);

      await git(home, ["clone", "-q", url, bob]);
      assertEquals(
        await Deno.readFile(`${bob}/first`),
        await Deno.readFile(`${ann}/first`),
      );

      // Many branches make the list of what Bob wants long enough to be
      // compressed.
      await commit(ann, "second", 300_000);
      for (let i = 0; i < 40; i++) {
        await git(ann, ["commit", "-q", "--allow-empty", "-m", `step ${i}`]);
        await git(ann, ["branch", `step-${i}`]);
      }
      await git(ann, ["push", "-q", "--all", "origin"]);
      const fetched = await git(bob, ["fetch", "-q", "origin"], {
        GIT_TRACE_CURL: "1",
      });
      assertMatch(fetched, /Content-Encoding: gzip/i);
      assertEquals(
        await git(bob, ["rev-parse", "origin/main"]),
        await git(ann, ["rev-parse", "main"]),
      );
      await git(bob, ["fsck", "--full"]);
      assertEquals(serving.errors, []);
    }
    await Deno.remove(home, { recursive: true });
  },
});
