using OneServe.Transport;

namespace OneServe.Gateway.Http;

/// <summary>Gives up clients that stop within a request's body, or send it too slowly. Loop thread only.</summary>
internal sealed class BodyClock(Func<long> now) : ILoopParticipant
{
    private readonly HashSet<RequestBody> _bodies = [];
    private readonly List<RequestBody> _slow = [];

    /// <summary>Time without a byte of the body.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of the body a second (see <see cref="TransferPace"/>); 0: any.</summary>
    public int MinimumRate { get; set; }

    int ILoopParticipant.SleepLimit => -1;

    bool ILoopParticipant.WantsSeconds => _bodies.Count > 0;

    public void Watch(RequestBody body) => _bodies.Add(body);

    public void Forget(RequestBody body) => _bodies.Remove(body);

    bool ILoopParticipant.BeforeSleep() => false;

    void ILoopParticipant.AfterWake()
    {
    }

    void ILoopParticipant.EndOfTurn()
    {
    }

    void ILoopParticipant.OnSecond()
    {
        long silence = (long)Silence.TotalMilliseconds;
        foreach (var body in _bodies)
        {
            if (body.IsTooSlow(now(), silence, MinimumRate))
                _slow.Add(body);
        }
        // Giving up may go on with the request at once, and change the set.
        foreach (var body in _slow)
            body.GiveUp();
        _slow.Clear();
    }
}
