using OneServe.Posix;

namespace OneServe.Master.Logging;

/// <summary>A pipe that processes write to, cut into lines.</summary>
internal sealed class LogInput : IDisposable
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Bytes that a pipe holds: what comes while a disk is busy. Without privilege the kernel grants no more (/proc/sys/fs/pipe-max-size).</summary>
    private const int PipeSize = 1 << 20;

    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly LogRouter _router;
    private readonly SafeDescriptor _read;
    private readonly SafeDescriptor _write;
    private int _length;

    /// <param name="router">Who gets the lines.</param>
    /// <param name="user">Who may open the pipe anew (/dev/stderr); null: who makes it.</param>
    public LogInput(LogRouter router, Credentials? user)
    {
        _router = router;
        (_read, _write) = Descriptors.Pipe();
        Descriptors.SetNonBlocking(_read.Number, true);
        Descriptors.Resize(_write.Number, PipeSize);
        if (user is not null)
            Mono.Unix.Native.Syscall.fchown(_write.Number, user.UserId, user.GroupId);
    }

    /// <summary>What processes write to.</summary>
    public int WriteEnd => _write.Number;

    /// <summary>What the collector waits for.</summary>
    public int ReadEnd => _read.Number;

    /// <summary>The last line has no end yet.</summary>
    public bool HasRest => _length > 0;

    /// <summary>Takes what is in the pipe. False: nothing is.</summary>
    public bool Take()
    {
        var read = Descriptors.Read(_read.Number, _buffer.AsSpan(_length));
        if (read.IsError || read.Int == 0)
            return false;
        _length += read.Int;
        int whole = _buffer.AsSpan(0, _length).LastIndexOf((byte)'\n') + 1;
        if (whole == 0 && _length < BufferSize)
            return true;
        // A line that is longer than the buffer goes in pieces.
        Pass(whole == 0 ? _length : whole);
        return true;
    }

    /// <summary>Passes on a line without an end, such as a prompt or a progress bar: it has waited for long enough.</summary>
    public void TakeRest()
    {
        if (_length > 0)
            Pass(_length);
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
    }

    private void Pass(int length)
    {
        _router.Write(_buffer.AsSpan(0, length));
        _length -= length;
        _buffer.AsSpan(length, _length).CopyTo(_buffer);
    }
}
