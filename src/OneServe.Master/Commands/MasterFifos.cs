using OneServe.Configuration;
using OneServe.Master.Loop;
using OneServe.Master.Start;

namespace OneServe.Master.Commands;

/// <summary>All of `master-fifo`; a reload does not change them.</summary>
internal sealed class MasterFifos : IDisposable
{
    private readonly List<MasterFifo> _fifos = [];

    /// <exception cref="StartException">One of them cannot be made.</exception>
    public MasterFifos(ServerOptions options, EventLoop loop, PathLedger ledger, Action<char> carryOut)
    {
        try
        {
            foreach (var setting in options.Fifos)
                _fifos.Add(MasterFifo.Create(setting, loop, ledger, carryOut));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose() => _fifos.ForEach(static fifo => fifo.Dispose());
}
