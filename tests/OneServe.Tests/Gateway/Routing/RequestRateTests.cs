using OneServe.Gateway.Routing;

namespace OneServe.Tests.Gateway.Routing;

public sealed class RequestRateTests
{
    [Fact]
    public void A_burst_passes_and_then_the_rate_counts()
    {
        var rate = new RequestRate(perSecond: 10, burst: 3);
        int Passed(long now, int requests) => Enumerable.Range(0, requests).Count(_ => rate.TryTake("10.0.0.1", now, out int _));

        Passed(0, 10).Should().Be(3);
        Passed(100, 10).Should().Be(1);
        Passed(350, 10).Should().Be(2);
        Passed(60_000, 10).Should().Be(3, "no more than a burst is saved up");
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    public void Addresses_are_counted_as_customers_have_them(string one, string other, bool isSame)
    {
        var rate = new RequestRate(1, 1);

        rate.TryTake(one, 0, out _).Should().BeTrue();
        rate.TryTake(other, 0, out int wait).Should().Be(!isSame);
        wait.Should().Be(isSame ? 1 : 0);
    }

    [Fact]
    public void A_unix_socket_has_no_address_to_count()
    {
        var rate = new RequestRate(1, 1);

        Enumerable.Range(0, 5).All(_ => rate.TryTake("", 0, out int _)).Should().BeTrue();
    }

    [Fact]
    public void The_table_is_bounded()
    {
        var rate = new RequestRate(1, 1);
        for (int i = 0; i < 70_000; i++)
        {
            rate.TryTake($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", 0, out _);
        }

        rate.Addresses.Should().BeLessThanOrEqualTo(65_536);
        rate.Trim(1000);
        rate.Addresses.Should().Be(0);
    }
}
