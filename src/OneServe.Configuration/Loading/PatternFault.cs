using System.Text.RegularExpressions;

namespace OneServe.Configuration;

/// <summary>What is wrong with a regular expression. The runtime's own words are not in the native executable.</summary>
internal static class PatternFault
{
    public static string Describe(RegexParseException error) => $"{Cause(error.Error)}, at character {error.Offset}";

    private static string Cause(RegexParseError error) => error switch
    {
        RegexParseError.InsufficientClosingParentheses => "a ) is missing",
        RegexParseError.InsufficientOpeningParentheses => "a ) has no (",
        RegexParseError.UnterminatedBracket => "a ] is missing",
        RegexParseError.QuantifierAfterNothing => "there is nothing to repeat",
        RegexParseError.NestedQuantifiersNotParenthesized => "a repetition is repeated",
        RegexParseError.ReversedQuantifierRange or RegexParseError.QuantifierOrCaptureGroupOutOfRange => "the numbers in {…} make no range",
        RegexParseError.ReversedCharacterRange or RegexParseError.ShorthandClassInCharacterRange => "the range in […] has no order",
        RegexParseError.UnescapedEndingBackslash => "it ends with a backslash",
        RegexParseError.UnrecognizedEscape => "there is no such escape",
        RegexParseError.InsufficientOrInvalidHexDigits => "hexadecimal digits are missing",
        RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference => "there is no such group",
        RegexParseError.InvalidGroupingConstruct or RegexParseError.CaptureGroupNameInvalid => "there is no such group construct",
        RegexParseError.InvalidUnicodePropertyEscape or RegexParseError.MalformedUnicodePropertyEscape => "there is no such class of characters",
        _ => "it cannot be read",
    };
}
