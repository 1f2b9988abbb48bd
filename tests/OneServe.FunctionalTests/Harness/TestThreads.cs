using System.Runtime.CompilerServices;

namespace OneServe.FunctionalTests.Harness;

/// <summary>
/// The pool begins with a thread for each processor and adds one or two a second. Where two tests wait for a program, the third one's answers and datagrams
/// would wait as well.
/// </summary>
internal static class TestThreads
{
    private const int Least = 16;

    [ModuleInitializer]
    internal static void Provide() => ThreadPool.SetMinThreads(Least, Least);
}
