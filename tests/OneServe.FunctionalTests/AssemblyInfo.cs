using System.Runtime.Versioning;

// The server runs on Linux, and so do the tests that drive it: signals, /proc, UNIX sockets.
[assembly: SupportedOSPlatform("linux")]
