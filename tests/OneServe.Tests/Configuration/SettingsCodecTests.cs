using System.Collections.Immutable;
using OneServe.Configuration;

namespace OneServe.Tests.Configuration;

public sealed class SettingsCodecTests
{
    private static readonly ImmutableArray<Setting> Settings =
    [
        new("http", "[::]:8000", new SourceLocation("site.ini", 2, 1)),
        new("env", "NAME=käse; \U0001F9C0", new SourceLocation("environment", 0)),
        new("processes", "3", new SourceLocation("command line", 0)),
        new("worker-reload-mercy", "0", new SourceLocation("site.ini", 9, 4)),
    ];

    [Fact]
    public void What_was_encoded_comes_back() => SettingsCodec.Decode(SettingsCodec.Encode(Settings)).Should().Equal(Settings);

    [Fact]
    public void Binding_decoded_settings_makes_the_options_that_the_loader_made()
    {
        FakeHost host = new FakeHost().Add("/start/site.ini", """
            [uwsgi]
            http = :8000
            http-socket = run/site.sock
            module = m:app
            static-map = /static=files ; all of them
            chmod-socket = 0660
            pythonpath = lib
            processes = 3
            threads = 2
            chdir = /srv
            """);
        ServerOptions loaded = ConfigurationLoader.Load(["site.ini"], new Dictionary<string, string>(), host).Options!;
        loaded.SocketMode.Should().Be(Convert.ToInt32("660", 8));
        loaded.StaticMaps.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Prefix = "/static", Target = "/srv/files" });
        loaded.Listeners.Select(listener => listener.Setting.Value).Should().Equal(":8000", "/srv/run/site.sock");
        SettingsCodec.Bind(SettingsCodec.Decode(SettingsCodec.Encode(loaded.Settings))).Should().BeEquivalentTo(
            loaded with { Placeholders = [], MagicVariables = ImmutableDictionary<char, string>.Empty }, "these are for the application alone");
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] whole = SettingsCodec.Encode(Settings);
        for (int length = 0; length < whole.Length; length++)
        {
            Action decode = () => SettingsCodec.Decode(whole.AsSpan(0, length));
            decode.Should().Throw<SettingsFormatException>("only {0} bytes of {1} are there", length, whole.Length);
        }

        Action longer = () => SettingsCodec.Decode([.. whole, 0]);
        longer.Should().Throw<SettingsFormatException>();
    }

    [Fact]
    public void Any_changed_byte_ends_in_settings_or_in_the_one_exception()
    {
        byte[] whole = SettingsCodec.Encode(Settings);
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte value in (ReadOnlySpan<byte>)[0, 1, 0x7f, 0x80, 0xff])
            {
                byte[] changed = [.. whole];
                changed[at] = value;
                try
                {
                    SettingsCodec.Bind(SettingsCodec.Decode(changed));
                }
                catch (SettingsFormatException)
                {
                }
            }
        }
    }

    [Fact]
    public void Settings_that_are_no_configuration_are_refused()
    {
        Action bind = () => SettingsCodec.Bind([new Setting("processes", "many", new SourceLocation("site.ini", 3))]);
        bind.Should().Throw<SettingsFormatException>().WithMessage("*site.ini:3*processes*");
    }
}
