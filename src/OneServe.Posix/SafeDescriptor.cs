using Microsoft.Win32.SafeHandles;

namespace OneServe.Posix;

/// <summary>An owned file descriptor: closed exactly once, by Dispose or the finalizer.</summary>
public sealed class SafeDescriptor : SafeHandleMinusOneIsInvalid
{
    public SafeDescriptor() : base(ownsHandle: true)
    {
    }

    public SafeDescriptor(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number, for calls that do not outlive this object's use.</summary>
    public int Number => (int)handle;

    /// <summary>Gives the descriptor away: the caller closes it from now on.</summary>
    public int Detach()
    {
        int number = (int)handle;
        SetHandleAsInvalid();
        return number;
    }

    protected override bool ReleaseHandle() => !Descriptors.Close((int)handle).IsError;
}
