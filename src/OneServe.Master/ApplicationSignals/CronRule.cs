namespace OneServe.Master.ApplicationSignals;

/// <summary>When a signal of `add_cron` is due, in local time. -1: any; -n: those that n divides. A day and a weekday together: either will do.</summary>
/// <param name="Minute">0 to 59.</param>
/// <param name="Hour">0 to 23.</param>
/// <param name="Day">Of the month, 1 to 31.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Weekday">0 to 7; 0 and 7 are Sunday.</param>
internal readonly record struct CronRule(int Minute, int Hour, int Day, int Month, int Weekday)
{
    private const int Any = -1;

    /// <summary>Does it name this minute?</summary>
    public bool Matches(DateTime local)
    {
        bool day = Fits(Day, local.Day);
        bool weekday = Fits(Weekday == 7 ? 0 : Weekday, (int)local.DayOfWeek);
        bool onThatDay = Day != Any && Weekday != Any ? day || weekday : day && weekday;
        return onThatDay && Fits(Minute, local.Minute) && Fits(Hour, local.Hour) && Fits(Month, local.Month);
    }

    private static bool Fits(int rule, int value) => rule < Any ? value % -rule == 0 : rule == Any || rule == value;
}
