using System.Buffers;
using OneServe.Posix;

namespace OneServe.Gateway.Http;

/// <summary>
/// What an application has sent and its client has not taken yet, in order: memory first, then an unlinked file. So a slow reader holds a file
/// instead of a worker.
/// </summary>
/// <remarks>Space in the file is not used again before everything has been taken; then the file goes as a whole. So its size has a bound too.</remarks>
internal sealed class ResponseBacklog
{
    /// <summary>Bytes kept in memory before the file is begun.</summary>
    public const int InMemory = 256 * 1024;

    private const int BlockSize = 64 * 1024;

    /// <summary>Descriptors of the application's files held for one response.</summary>
    private const int MaximumFiles = 16;

    private readonly Queue<Piece> _pieces = new();
    private Piece? _last;
    private SharedFile? _file;
    private long _fileEnd;
    private int _inMemory;
    private int _files;

    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>Whether no more is to be taken from the worker before all of this has left.</summary>
    /// <param name="limit">Bytes that the file may have.</param>
    public bool IsFull(long limit) => _inMemory + _fileEnd >= InMemory + limit || _files >= MaximumFiles;

    /// <summary>Keeps a copy. It is always taken: without room in the file system it stays in memory, and the backlog is full.</summary>
    /// <returns>False: full for want of disk space.</returns>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        bool spill = _file is not null || _inMemory + bytes.Length > InMemory;
        if (spill)
            bytes = bytes[(int)Spill(bytes)..];
        AppendToMemory(bytes);
        return !spill || bytes.IsEmpty;
    }

    /// <summary>A range of one of the application's files; the backlog holds the file.</summary>
    public void Append(SharedFile file, long offset, long length)
    {
        if (!file.TryHold())
            return;
        _files++;
        Add(new Piece { File = file, Offset = offset, Length = length });
    }

    /// <summary>The oldest piece that is left; it may still grow until it is consumed.</summary>
    public Piece? First => _pieces.TryPeek(out var first) ? first : null;

    /// <summary>So many bytes of <see cref="First"/> have been handed on.</summary>
    public void Consume(long count)
    {
        var first = _pieces.Peek();
        first.Offset += count;
        first.Length -= count;
        if (first.Length == 0)
            Drop();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        while (_pieces.Count > 0)
            Drop();
    }

    private void Drop()
    {
        var piece = _pieces.Dequeue();
        if (piece.Block is { } block)
        {
            _inMemory -= piece.Used;
            ArrayPool<byte>.Shared.Return(block);
        }
        else if (piece.File != _file)
        {
            _files--;
            piece.File!.Release();
        }
        if (_pieces.Count > 0)
            return;
        _last = null;
        // What the transport still sends of it keeps it open.
        _file?.Release();
        _file = null;
        _fileEnd = 0;
    }

    private void Add(Piece piece) => _pieces.Enqueue(_last = piece);

    private void AppendToMemory(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_last is not { Block: { } block } || _last.Used == block.Length)
                Add(new Piece { Block = block = ArrayPool<byte>.Shared.Rent(BlockSize) });
            int count = Math.Min(bytes.Length, block.Length - _last!.Used);
            bytes[..count].CopyTo(block.AsSpan(_last.Used));
            _last.Used += count;
            _last.Length += count;
            _inMemory += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Writes to the file as much as it takes. Returns the number of bytes.</summary>
    private long Spill(ReadOnlySpan<byte> bytes)
    {
        long start = _fileEnd;
        try
        {
            _file ??= new SharedFile(TemporaryFile.Create().Detach());
        }
        catch (SystemCallException)
        {
            return 0;
        }
        while (!bytes.IsEmpty)
        {
            var written = Descriptors.Write(_file.Number, bytes);
            if (written.IsError)
                break;
            _fileEnd += written.Value;
            bytes = bytes[written.Int..];
        }
        long count = _fileEnd - start;
        if (_last is { } last && last.File == _file && last.Offset + last.Length == start)
            last.Length += count;
        else if (count > 0)
            Add(new Piece { File = _file, Offset = start, Length = count });
        return count;
    }

    /// <summary>A run of bytes in a block of memory or in a file.</summary>
    internal sealed class Piece
    {
        public byte[]? Block { get; init; }

        public SharedFile? File { get; init; }

        /// <summary>Where the bytes that are left begin.</summary>
        public long Offset { get; set; }

        /// <summary>Bytes that are left.</summary>
        public long Length { get; set; }

        /// <summary>Bytes of the block that have been filled.</summary>
        public int Used { get; set; }
    }
}
