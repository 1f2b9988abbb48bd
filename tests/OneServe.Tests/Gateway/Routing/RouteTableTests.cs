using System.Text;
using OneServe.Configuration;
using OneServe.Gateway.Routing;
using OneServe.Tests.Configuration;

namespace OneServe.Tests.Gateway.Routing;

public sealed class RouteTableTests
{
    [Fact]
    public void Nothing_is_decided_about_a_request_that_no_route_is_about()
        => Decide("/", "route = ^/a return:403", "route-host = ^b$ return:403").Should().BeNull();

    [Theory]
    [InlineData("/old", 410)]
    [InlineData("/older", 410)]
    [InlineData("/b", 403)]
    [InlineData("/a", 200)]
    public void The_first_answer_in_the_order_of_the_file_counts(string path, int status)
        => Decide(path, "route = ^/old return:410", "route-run = addheader:X-Seen: yes", "route = ^/b$ break:403 Forbidden", "route = ^/ return:200", "route = ^/ return:500")!
            .Answer.Status.Should().Be(status);

    [Theory]
    [InlineData("route-uri = ^/p\\x2520q\\?a=1$")]
    [InlineData("route = ^/p\\sq$")]
    [InlineData("route-qs = ^a=1$")]
    [InlineData("route-query = ^a=1$")]
    [InlineData("route-host = ^EXAMPLE\\.org:80$")]
    [InlineData("route-remote-addr = ^10\\.")]
    [InlineData("route-user-agent = Bot/\\d")]
    [InlineData("route-referer = ^https://other/")]
    public void A_route_looks_at_one_part_of_the_request(string route)
    {
        var head = Head("/p%20q?a=1", ("Host", "Example.org:80"), ("User-Agent", "A Bot/7"), ("Referer", "https://other/x"));

        Table($"{route} return:403").Decide(new RouteRequest(head, "/p q", "10.1.2.3", 0))!.Answer.Status.Should().Be(403);
        Table($"{route} return:403").Decide(new RouteRequest(Head("/", ("Host", "h")), "/", "1.1.1.1", 0)).Should().BeNull();
    }

    [Fact]
    public void An_absolute_target_is_matched_as_the_path_that_it_names()
        => Table("route-uri = ^/admin return:403").Decide(new RouteRequest(Head("http://h/admin"), "/admin", "", 0))!.Answer.Status.Should().Be(403);

    [Theory]
    [InlineData("/static//private/a")]
    [InlineData("///static/private///a")]
    public void Several_slashes_are_one(string path)
        => Decide(path, "route = ^/static/private/(.*) redirect:/$1?${PATH_INFO}")!.Answer.Location.Should().Be($"/a?{path}");

    [Theory]
    [InlineData("continue:")]
    [InlineData("last:")]
    public void Last_ends_the_routes_and_keeps_what_they_have_decided(string action)
    {
        var decision = Decide("/a", "route = ^/ donotlog:", $"route = ^/a {action}", "route = ^/ return:403")!;

        decision.Verdict.Should().Be(RouteVerdict.Pass);
        decision.IsLogged.Should().BeFalse();
    }

    [Fact]
    public void Break_alone_cuts_the_connection() => Decide("/a", "route = ^/a break:")!.Verdict.Should().Be(RouteVerdict.Cut);

    [Fact]
    public void Return_has_a_text_and_break_has_none()
    {
        Decide("/", "route = / return:403")!.Answer.HasText.Should().BeTrue();
        Decide("/", "route = / break:403")!.Answer.HasText.Should().BeFalse();
    }

    [Theory]
    [InlineData("redirect", 302)]
    [InlineData("redirect-302", 302)]
    [InlineData("redirect-permanent", 301)]
    [InlineData("redirect-301", 301)]
    public void Redirects_have_their_status(string action, int status)
    {
        var answer = Decide("/old/x", $"route = ^/old/(.*)$ {action}:https://h/new/$1")!.Answer;

        answer.Status.Should().Be(status);
        answer.Location.Should().Be("https://h/new/x");
    }

    [Fact]
    public void Fields_are_added_and_taken_away_in_order()
    {
        var fields = new Microsoft.AspNetCore.Http.HeaderDictionary { ["X-Powered-By"] = "a", ["X-A"] = "0", ["Cache-Control"] = "no-store" };

        Decide("/a", "route = . addheader:X-A: $0", "route = . delheader:x-powered-by", "route = . addheader:X-Powered-By: b")!.Apply(fields, replaces: false);

        fields.Select(field => $"{field.Key}: {field.Value}").Should().BeEquivalentTo("X-A: 0,/", "X-Powered-By: b", "Cache-Control: no-store");
    }

    [Fact]
    public void A_file_is_named_below_its_directory()
    {
        var decision = Decide("/dl/a/b.txt", "route = ^/dl/(.*)$ static:/srv/files/v1-$1")!;

        decision.Verdict.Should().Be(RouteVerdict.File);
        decision.FileName.Should().Be("v1-a/b.txt");
    }

    [Theory]
    [InlineData("a:x", true)]
    [InlineData("b:y:z", true)]
    [InlineData("a:y", false)]
    [InlineData("c:x", false)]
    [InlineData("a", false)]
    [InlineData("", false)]
    public void Several_users_of_one_realm_are_lines_one_after_another(string credentials, bool isLetIn)
    {
        var decision = Authorize(credentials, "/", "route = ^/ basicauth:R,a:x", "route = ^/ basicauth:R,b:y:z", "route = ^/ addheader:X: 1")!;

        decision.Verdict.Should().Be(isLetIn ? RouteVerdict.Pass : RouteVerdict.Answer);
        decision.User.Should().Be(isLetIn ? credentials[..1] : "");
        if (!isLetIn)
        {
            decision.Answer.Status.Should().Be(401);
            decision.Answer.Challenge.Should().Be("Basic realm=\"R\", charset=\"UTF-8\"");
        }
    }

    [Theory]
    [InlineData("return:200")]
    [InlineData("continue:")]
    [InlineData("static:/srv/x")]
    [InlineData("redirect:/x")]
    public void Wrong_credentials_reach_nothing_that_ends_the_routes(string action)
        => Authorize("a:wrong", "/", "route = ^/ basicauth:R,a:x", $"route = ^/ {action}", "route = ^/ basicauth:R,a:wrong")!.Answer.Status.Should().Be(401);

    [Fact]
    public void Wrong_credentials_are_not_made_good_by_another_realm()
        => Authorize("b:y", "/", "route = ^/ basicauth:R,a:x", "route = ^/ basicauth:Q,b:y")!.Answer.Challenge.Should().StartWith("Basic realm=\"R\"");

    [Fact]
    public void Who_is_let_in_by_one_realm_is_asked_by_the_next()
        => Authorize("all:x", "/", "route = ^/ basicauth:Site,all:x", "route = ^/ basicauth:Admin,admin:y")!.Answer.Challenge.Should().StartWith("Basic realm=\"Admin\"");

    [Fact]
    public void An_empty_list_refuses_who_has_not_been_let_in_before()
    {
        string[] routes = ["route = ^/ basicauth:R,a:x", "route = ^/ basicauth:R,"];

        Authorize("a:x", "/", routes)!.Verdict.Should().Be(RouteVerdict.Pass);
        Authorize("a:y", "/", routes)!.Answer.Status.Should().Be(401);
    }

    [Fact]
    public void A_later_route_can_look_at_the_user()
        => Authorize("a:x", "/", "route = ^/ basicauth:R,a:x", "route-remote-user = ^a$ return:403")!.Answer.Status.Should().Be(403);

    [Fact]
    public void Too_many_requests_of_one_address_are_told_when_to_come_again()
    {
        var table = Table("route = ^/ ratelimit:30/m,burst=1");
        RouteDecision? At(string address, long now) => table.Decide(new RouteRequest(Head("/"), "/", address, now));

        At("10.0.0.1", 0)!.Verdict.Should().Be(RouteVerdict.Pass);
        At("10.0.0.1", 100)!.Answer.Should().Be(new OwnAnswer(429) { RetryAfter = 2 });
        At("10.0.0.2", 100)!.Verdict.Should().Be(RouteVerdict.Pass);
        At("10.0.0.1", 2000)!.Verdict.Should().Be(RouteVerdict.Pass);
        table.HasToTrim.Should().BeTrue();
        table.Trim(10_000);
        table.HasToTrim.Should().BeFalse();
    }

    private static RouteDecision? Decide(string path, params string[] lines) => Table(lines).Decide(new RouteRequest(Head(path), path, "127.0.0.1", 0));

    private static RouteDecision? Authorize(string credentials, string path, params string[] lines)
    {
        string value = credentials.Length == 0 ? "" : $"basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";
        return Table(lines).Decide(new RouteRequest(Head(path, ("Authorization", value)), path, "127.0.0.1", 0));
    }

    private static RouteTable Table(params string[] lines)
    {
        var host = new FakeHost().Add("/start/site.ini", "[uwsgi]\nhttp = :8000\nmodule = m\n" + string.Join('\n', lines) + "\n");
        var options = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host).Options!;
        return RouteReader.TableOf(options, RequestRates.Of(options.Routing))!;
    }

    private static FakeClientRequest Head(string target, params (string Name, string Value)[] fields)
    {
        int query = target.IndexOf('?');
        var head = new FakeClientRequest { RawTarget = target, QueryString = query < 0 ? "" : target[query..] };
        foreach (var (name, value) in fields)
        {
            head.Headers[name] = value;
        }

        return head;
    }
}
