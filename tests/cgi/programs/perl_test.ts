import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../../lib/cgi/cgi_request_handler.ts";
import { isMissing, Serving, Site } from "../_serve.ts";

const GUESTBOOK = `#!/usr/bin/perl -T
use strict;
use warnings;
use CGI;
my $cgi = CGI->new;
if ($cgi->param('go')) {
  print $cgi->redirect(-uri => $cgi->url . '/done', -status => 303);
} elsif (my $upload = $cgi->upload('file')) {
  my $content = do { local $/; <$upload> };
  print $cgi->header('text/plain'), length($content), ' ', $cgi->param('file');
} else {
  my $seen = $cgi->cookie('seen') || 0;
  print $cgi->header(
    -type => 'text/plain',
    -charset => 'utf-8',
    -cookie => [
      $cgi->cookie(-name => 'seen', -value => $seen + 1),
      $cgi->cookie(-name => 'other', -value => 'x'),
    ],
  );
  print join(', ', map { "$_=" . $cgi->param($_) } sort $cgi->param);
  print ' ', $cgi->path_info, ' ', $cgi->request_method;
}
`;

Deno.test({
  name: "Perl's CGI.pm works",
  ignore: isMissing("/usr/share/perl5/CGI.pm"),
  async fn(t) {
    await using site = new Site({ "cgi-bin/guestbook": GUESTBOOK });
    const Cgi = CgiRequestHandler.with({ root: site.root });
    await using serving = new Serving(Cgi);
    const url = `${serving.origin}/cgi-bin/guestbook`;

    await t.step("a query, PATH_INFO and several cookies", async () => {
      const response = await fetch(`${url}/more?b=2&a=%C3%A9`);
      assertEquals(await response.text(), "a=é, b=2 /more GET");
      assertEquals(
        response.headers.get("content-type"),
        "text/plain; charset=utf-8",
      );
      assertEquals(response.headers.getSetCookie(), [
        "seen=1; path=/",
        "other=x; path=/",
      ]);
    });

    await t.step("a form and a cookie", async () => {
      const response = await fetch(url, {
        method: "POST",
        body: new URLSearchParams({ name: "Ann & Bob" }),
        headers: { cookie: "seen=41" },
      });
      assertEquals(await response.text(), "name=Ann & Bob  POST");
      assertEquals(response.headers.getSetCookie()[0], "seen=42; path=/");
    });

    await t.step("a file upload", async () => {
      const body = new FormData();
      body.set("file", new File(["x".repeat(100_000)], "big.txt"));
      const response = await fetch(url, { method: "POST", body });
      assertEquals(await response.text(), "100000 big.txt");
    });

    await t.step("a redirect with a URL of its own", async () => {
      const response = await fetch(`${url}?go=1`, { redirect: "manual" });
      await response.body?.cancel();
      assertEquals(response.status, 303);
      assertEquals(response.headers.get("location"), `${url}/done`);
    });
  },
});
