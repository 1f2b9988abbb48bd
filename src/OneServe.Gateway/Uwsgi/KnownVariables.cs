namespace OneServe.Gateway.Uwsgi;

/// <summary>Where in a packet those variables stand that the gateway itself looks at; of a name that comes twice the last one counts, as in a dict.</summary>
internal struct KnownVariables
{
    public Range? Method;
    public Range? Path;
    public Range? ScriptName;
    public Range? Uri;
    public Range? Query;
    public Range? Protocol;
    public Range? RemoteAddress;
    public Range? RemoteUser;
    public Range? ServerName;
    public Range? ServerPort;
    public Range? Scheme;
    public Range? Https;
    public Range? ForwardedScheme;
    public Range? ContentLength;

    /// <summary>UWSGI_SCRIPT, UWSGI_MODULE or UWSGI_FILE: under uWSGI the server in front can name the application.</summary>
    public bool HasApplication;

    /// <summary>Finds them.</summary>
    /// <param name="variables">A packet's, checked.</param>
    public static KnownVariables Of(ReadOnlySpan<byte> variables)
    {
        var known = default(KnownVariables);
        var reader = new VariableReader(variables);
        for (int end = 0; reader.TryRead(out var name, out var value);)
        {
            end += 2 * sizeof(ushort) + name.Length + value.Length;
            known.Note(name, (end - value.Length)..end);
        }
        return known;
    }

    private void Note(ReadOnlySpan<byte> name, Range at)
    {
        switch (name.Length)
        {
            case 5 when name.SequenceEqual("HTTPS"u8):
                Https = at;
                break;
            case 9 when name.SequenceEqual("PATH_INFO"u8):
                Path = at;
                break;
            case 10 when name.SequenceEqual("UWSGI_FILE"u8):
            case 12 when name.SequenceEqual("UWSGI_SCRIPT"u8) || name.SequenceEqual("UWSGI_MODULE"u8):
                HasApplication = true;
                break;
            case 11:
                NoteEleven(name, at);
                break;
            case 12 when name.SequenceEqual("QUERY_STRING"u8):
                Query = at;
                break;
            case 12 when name.SequenceEqual("UWSGI_SCHEME"u8):
                Scheme = at;
                break;
            case 14 when name.SequenceEqual("REQUEST_METHOD"u8):
                Method = at;
                break;
            case 14 when name.SequenceEqual("CONTENT_LENGTH"u8):
                ContentLength = at;
                break;
            case 15 when name.SequenceEqual("SERVER_PROTOCOL"u8):
                Protocol = at;
                break;
            case 22 when name.SequenceEqual("HTTP_X_FORWARDED_PROTO"u8):
                ForwardedScheme = at;
                break;
        }
    }

    private void NoteEleven(ReadOnlySpan<byte> name, Range at)
    {
        if (name.SequenceEqual("REQUEST_URI"u8))
            Uri = at;
        else if (name.SequenceEqual("REMOTE_ADDR"u8))
            RemoteAddress = at;
        else if (name.SequenceEqual("SERVER_NAME"u8))
            ServerName = at;
        else if (name.SequenceEqual("SERVER_PORT"u8))
            ServerPort = at;
        else if (name.SequenceEqual("SCRIPT_NAME"u8))
            ScriptName = at;
        else if (name.SequenceEqual("REMOTE_USER"u8))
            RemoteUser = at;
    }
}
