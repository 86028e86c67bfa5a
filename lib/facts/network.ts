// Which clients count as one: whoever has an IPv6 address has 2^64 of them.

const GROUPS = 8;
/** The groups of the prefix that a network gives to its members: a /64. */
const PREFIX_GROUPS = 4;

/**
 * Names the network of a client: an IPv4 address by itself, an IPv6 address by
 * its /64, all clients of a Unix socket together.
 *
 * @param address Where the client is.
 */
export function networkOf(address: Deno.Addr): string {
  if (!("hostname" in address)) return "local";
  const [host = ""] = address.hostname.split("%", 1);
  const [, mapped] = /^::ffff:([0-9.]+)$/i.exec(host) ?? [];
  if (mapped !== undefined) return mapped;
  return host.includes(":") ? prefixOf(host) : host;
}

/** The first four groups of an IPv6 address, `::` spelt out. */
function prefixOf(host: string): string {
  const [head = "", tail] = host.split("::", 2);
  const first = groupsOf(head);
  const last = groupsOf(tail ?? "");
  const zeros = GROUPS - first.length - last.length;
  const groups = [...first, ...Array(Math.max(0, zeros)).fill(0), ...last];
  const prefix = groups.slice(0, PREFIX_GROUPS);
  return `${prefix.map((group) => group.toString(16)).join(":")}::/64`;
}

function groupsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) =>
    // The last 32 bits may be written as an IPv4 address.
    group.includes(".") ? [0, 0] : parseInt(group, 16)
  );
}
