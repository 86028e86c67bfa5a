// The descriptors of this process, on Linux: what a test opened and did not
// give back.

/** Deno opens two sockets when it first deals with signals, and keeps them. */
export function openSignalSockets(): void {
  const ignore = () => {};
  Deno.addSignalListener("SIGUSR2", ignore);
  Deno.removeSignalListener("SIGUSR2", ignore);
}

/** How many descriptors are open, by kind; `ls` may look where Deno may not. */
export async function countDescriptors(): Promise<Map<string, number>> {
  const ls = new Deno.Command("sh", {
    args: ["-c", `read -r _; exec ls -l /proc/${Deno.pid}/fd`],
    stdin: "piped",
    stdout: "piped",
    // Its own descriptors are gone when it looks at them.
    stderr: "null",
  }).spawn();
  // Only now has Deno closed its own copies of the program's ends.
  const input = ls.stdin.getWriter();
  await input.write(new TextEncoder().encode("\n"));
  await input.close();
  const { stdout } = await ls.output();
  const counts = new Map<string, number>();
  for (const line of new TextDecoder().decode(stdout).split("\n")) {
    const [, kind] = /-> ([^[]*)/.exec(line) ?? [];
    if (kind === undefined) continue;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** What is open now and was not before. */
export function moreOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): string[] {
  return Array.from(after, ([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? `${more} more of ${kind}` : "";
  }).filter((line) => line !== "");
}
