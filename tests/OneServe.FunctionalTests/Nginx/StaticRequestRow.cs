namespace OneServe.FunctionalTests.Nginx;

/// <summary>One request of the list.</summary>
/// <param name="Group">What it is about.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The target as it goes over the wire, one octet a character.</param>
/// <param name="Fields">Header fields divided by `|`; `{E}` stands for the entity tag that the server itself gave to the target before.</param>
internal sealed record StaticRequestRow(string Group, string Method, string Target, string Fields = "")
{
    /// <summary>Name of the row, on one line and not too long.</summary>
    public string Key
    {
        get
        {
            string target = Target.Length > 80 ? $"{Target[..40]}…({Target.Length})" : Target;
            return $"{Method} {target} {Fields}".TrimEnd();
        }
    }
}
