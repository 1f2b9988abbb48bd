using System.Text.RegularExpressions;

namespace OneServe.StaticFiles;

/// <summary>Decides how long files may be kept: by the operator's rules, else by their names.</summary>
internal sealed class FreshnessRules
{
    private readonly Rule[] _byFile;
    private readonly Rule[] _byUrl;
    private readonly Rule[] _byType;
    private readonly Regex[] _immutable;
    private readonly Freshness? _default;

    public FreshnessRules(StaticRules rules)
    {
        Rule[] Of(Func<ExpirySubject, bool> which)
            => [.. rules.Expiry.Where(rule => which(rule.Subject)).OrderBy(rule => rule.Subject).Select(rule => new Rule(rule))];
        _byFile = Of(subject => subject is ExpirySubject.FilePath or ExpirySubject.UrlPath);
        _byUrl = Of(subject => subject == ExpirySubject.Url);
        _byType = Of(subject => subject == ExpirySubject.ContentType);
        _immutable = [.. rules.ImmutablePaths.Select(Patterns.Create)];
        _default = rules.CacheControl is { } value ? Freshness.Of(value) : null;
    }

    /// <summary>What is certain of a file whatever its request's query.</summary>
    /// <param name="name">The file's name without directories.</param>
    /// <param name="filePath">Its path.</param>
    /// <param name="urlPath">The path of its URL.</param>
    /// <param name="type">Its content type, parameters and all.</param>
    /// <param name="modified">Its last change, in seconds since 1970.</param>
    /// <param name="mayDependOnUrl">True when <see cref="ByUrl"/> has to be asked first.</param>
    public Freshness Of(string name, string filePath, string urlPath, string type, long modified, out bool mayDependOnUrl)
    {
        mayDependOnUrl = false;
        foreach (var rule in _byFile)
        {
            if (rule.Matches(rule.Subject == ExpirySubject.FilePath ? filePath : urlPath))
                return rule.Apply(modified);
        }
        mayDependOnUrl = _byUrl.Length > 0;
        foreach (var rule in _byType)
        {
            if (rule.Covers(type))
                return rule.Apply(modified);
        }
        if (Array.Exists(_immutable, pattern => Patterns.Matches(pattern, urlPath)))
            return CachePolicy.Immutable;
        return CachePolicy.IsHashed(name) ? CachePolicy.Immutable : _default ?? CachePolicy.Short;
    }

    /// <summary>What the rules say on a request target; null: nothing.</summary>
    public Freshness? ByUrl(string target, long modified)
    {
        foreach (var rule in _byUrl)
        {
            if (rule.Matches(target))
                return rule.Apply(modified);
        }
        return null;
    }

    private sealed class Rule
    {
        private readonly ExpiryRule _rule;
        private readonly Regex? _pattern;
        private readonly Freshness? _fromAnswer;

        public Rule(ExpiryRule rule)
        {
            _rule = rule;
            _pattern = rule.Subject == ExpirySubject.ContentType ? null : Patterns.Create(rule.Pattern);
            _fromAnswer = rule.AfterLastChange ? null : Freshness.For(rule.Seconds);
        }

        public ExpirySubject Subject => _rule.Subject;

        public bool Matches(string text) => Patterns.Matches(_pattern!, text);

        public bool Covers(string type) => ContentTypes.AreSame(type, _rule.Pattern);

        public Freshness Apply(long modified) => _fromAnswer ?? Freshness.Until(modified + _rule.Seconds);
    }
}
