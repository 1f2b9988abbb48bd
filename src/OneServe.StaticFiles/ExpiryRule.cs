namespace OneServe.StaticFiles;

/// <summary>For how long clients may keep some files.</summary>
/// <param name="Subject">What the pattern is compared with.</param>
/// <param name="Pattern">A regular expression, found anywhere in the subject; a content type instead is compared whole.</param>
/// <param name="Seconds">How long.</param>
/// <param name="AfterLastChange">Counted from the file's last change, not from the answer.</param>
public sealed record ExpiryRule(ExpirySubject Subject, string Pattern, int Seconds, bool AfterLastChange = false);
