using System.Diagnostics;

namespace OneServe.FunctionalTests.Harness;

/// <summary>The Pythons of this machine.</summary>
internal static class Interpreters
{
    /// <summary>The distribution's own: readable by every user, and the one that its Django and Flask belong to.</summary>
    public const string System = "/usr/bin/python3";

    private static readonly Lazy<string[]> Found = new(
        () => Run(Path.Combine(Repository.Root, ".ci", "pythons")).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>One CPython of each version from 3.8 on.</summary>
    public static IReadOnlyList<string> All => Found.Value;

    /// <summary>Runs a program to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{errors.Result}");
    }

    /// <summary>A virtual environment of the system's Python that sees its packages (Django, Flask).</summary>
    public static void MakeVirtualEnvironment(string path, string? python = null) =>
        Run(python ?? System, "-m", "venv", "--system-site-packages", "--without-pip", path);
}
