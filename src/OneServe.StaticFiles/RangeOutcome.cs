namespace OneServe.StaticFiles;

/// <summary>What a Range field asks of a representation.</summary>
internal enum RangeOutcome
{
    /// <summary>Send all: the field is absent, malformed, in another unit, or asks for more pieces than are worth it.</summary>
    Whole,

    /// <summary>One range can be satisfied.</summary>
    Single,

    /// <summary>Several can.</summary>
    Several,

    /// <summary>It is well-formed and no range overlaps the representation: 416.</summary>
    Unsatisfiable,
}
