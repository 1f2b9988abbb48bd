namespace OneServe.Master.Logging;

/// <summary>Where log lines go in the end. Everything but the construction runs on the collector's thread, and nothing here ever waits for long.</summary>
internal interface ILogReceiver : IDisposable
{
    /// <summary>Each line is sent by itself; else many are written at once.</summary>
    bool TakesSingleLines { get; }

    /// <summary>Takes whole lines with their newlines. What cannot be written is lost, counted and told once.</summary>
    void Write(ReadOnlySpan<byte> lines);

    /// <summary>Opens a file anew under its name; nothing for what is no file.</summary>
    void Reopen();

    /// <summary>Renames a file and begins a new one; nothing for what is no file.</summary>
    void Rotate();
}
