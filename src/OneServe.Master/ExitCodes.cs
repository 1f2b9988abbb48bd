namespace OneServe.Master;

/// <summary>Exit codes of OneServe's processes (docs/protocol.md): a contract between them, and with whoever starts the master.</summary>
public static class ExitCodes
{
    /// <summary>Ended as told.</summary>
    public const int Success = 0;

    /// <summary>A configuration or start error, told in one message.</summary>
    public const int StartFailed = 1;

    /// <summary>The application could not be loaded.</summary>
    public const int ApplicationFailed = 22;

    /// <summary>The shim could not take on the credentials.</summary>
    public const int CredentialsFailed = 72;

    /// <summary>The shim found its parent gone.</summary>
    public const int ParentGone = 73;

    /// <summary>The shim could not enter the program's directory.</summary>
    public const int DirectoryFailed = 74;

    /// <summary>The shim could not execute the program.</summary>
    public const int NotExecutable = 126;

    /// <summary>The shim did not find the program.</summary>
    public const int NotFound = 127;
}
