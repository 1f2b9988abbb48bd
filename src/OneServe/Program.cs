Console.WriteLine(Mono.Unix.Native.Syscall.getuid() + " " + Environment.GetCommandLineArgs()[0]);
return 0;
