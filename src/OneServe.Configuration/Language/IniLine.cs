namespace OneServe.Configuration;

/// <summary>What a line of an INI file is.</summary>
internal enum IniLineKind
{
    Blank,
    Comment,
    Section,

    /// <summary>A section line that does not end with its bracket.</summary>
    BrokenSection,
    Statement,
}

/// <summary>One line of an INI file; every line of the text has exactly one.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Counted from 1.</param>
/// <param name="Section">The section that the line belongs to; for a section line its own name; empty before the first.</param>
/// <param name="Key">Of a statement: what stands before the first `=`, or the whole line.</param>
/// <param name="Value">Of a statement: what follows the first `=`; empty when there is none.</param>
/// <param name="KeyColumn">Counted from 1 in the line as written.</param>
/// <param name="ValueColumn">Counted from 1 in the line as written; that of the key when there is no value.</param>
internal readonly record struct IniLine(
    IniLineKind Kind, int Number, string Section, string Key = "", string Value = "", int KeyColumn = 1, int ValueColumn = 1);
