namespace OneServe.Transport;

/// <summary>What an <see cref="IInputFilter"/> thinks of the bytes that have come so far.</summary>
public enum InputVerdict
{
    /// <summary>Too few to decide: they are held back.</summary>
    Incomplete,

    /// <summary>The protocol may see them, and what follows until the exchange is over.</summary>
    Pass,

    /// <summary>The protocol never sees them; the connection ends with the filter's answer.</summary>
    Refuse,
}
