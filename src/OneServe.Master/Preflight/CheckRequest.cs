namespace OneServe.Master.Preflight;

/// <summary>How far a check goes beyond reading and looking.</summary>
/// <param name="LoadsApplication">Import the application with its Python.</param>
/// <param name="AsksDjango">Run `manage.py check --deploy`.</param>
public sealed record CheckRequest(bool LoadsApplication, bool AsksDjango);
