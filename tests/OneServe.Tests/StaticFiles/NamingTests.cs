using OneServe.StaticFiles;

namespace OneServe.Tests.StaticFiles;

/// <summary>What follows from a file's name alone.</summary>
public sealed class NamingTests
{
    [Theory]
    [InlineData("a.html", "text/html; charset=utf-8")]
    [InlineData("A.HTML", "text/html; charset=utf-8")]
    [InlineData("a.min.css", "text/css; charset=utf-8")]
    [InlineData("a.js", "text/javascript; charset=utf-8")]
    [InlineData("a.mjs", "text/javascript; charset=utf-8")]
    [InlineData("a.txt", "text/plain; charset=utf-8")]
    [InlineData("a.json", "application/json")]
    [InlineData("a.css.map", "application/json")]
    [InlineData("site.webmanifest", "application/manifest+json")]
    [InlineData("a.wasm", "application/wasm")]
    [InlineData("a.svg", "image/svg+xml")]
    [InlineData("a.woff2", "font/woff2")]
    [InlineData("a.woff", "font/woff")]
    [InlineData("a.ttf", "font/ttf")]
    [InlineData("a.avif", "image/avif")]
    [InlineData("a.webp", "image/webp")]
    [InlineData("favicon.ico", "image/vnd.microsoft.icon")]
    [InlineData("a.mp4", "video/mp4")]
    [InlineData("a.webm", "video/webm")]
    [InlineData("a.pdf", "application/pdf")]
    [InlineData("a.tar.gz", "application/gzip")]
    [InlineData("apple-app-site-association", "application/json")]
    [InlineData("a.unheard-of", "application/octet-stream")]
    [InlineData("html", "application/octet-stream")]
    [InlineData("a.", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    public void The_extension_tells_the_media_type(string name, string type) => ContentTypes.BuiltIn.For(name).Value.ToString().Should().Be(type);

    [Theory]
    [InlineData("base.0123456789ab.css", true)]
    [InlineData("jquery.min.0123456789ab.js", true)]
    [InlineData("base.css.0123456789ab.map", true)]
    [InlineData("LICENSE.0123456789ab", true)]
    [InlineData("base.012345678901.css", true)]      // digits alone, but no date
    [InlineData("base.css", false)]
    [InlineData("base.0123456789AB.css", false)]
    [InlineData("base.0123456789a.css", false)]
    [InlineData("base.0123456789abc.css", false)]
    [InlineData("base.0123456789ag.css", false)]
    [InlineData("base-0123456789ab.css", false)]
    [InlineData("0123456789ab.css", false)]
    [InlineData(".0123456789ab.css", false)]
    [InlineData("a.b.0123456789ab", false)]
    [InlineData("base.0123456789ab.min.css", false)]
    [InlineData("camera.202401311259.jpg", false)]   // a time, and the file may change
    [InlineData("", false)]
    public void Names_hashed_by_django_never_change(string name, bool isHashed)
    {
        CachePolicy.IsHashed(name).Should().Be(isHashed);
        new FreshnessRules(new StaticRules()).Of(name, "/srv/" + name, "/" + name, "text/css", 0, out _).CacheControl.ToString()
            .Should().Be(isHashed ? "public, max-age=31536000, immutable" : "public, max-age=60");
    }
}
