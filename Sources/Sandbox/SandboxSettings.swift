/// What a sandbox is made of and what goes wrong in it.
public struct SandboxSettings: Sendable {
  /// How often each thing goes wrong, of one.
  public struct Misfortune: Sendable {
    /// 500 before anything is done.
    public var errors = 0.0
    /// 500 after it was done.
    public var errorsAfter = 0.0
    /// No answer, though it was done.
    public var silences = 0.0
    /// No answer, and nothing was done.
    public var losses = 0.0
    /// Done only when whoever asked has stopped waiting.
    public var delays = 0.0
    /// Something that is no answer, though it was done.
    public var garbage = 0.0
    /// The last place went to somebody else just before.
    public var soldOut = 0.0
    /// The price rises just before an order.
    public var priceRises = 0.0
    /// An event is sent twice.
    public var duplicates = 0.0
    /// An event is held back until the next one has gone.
    public var reorders = 0.0

    /// Nothing goes wrong.
    public init() {}
  }

  /// What inventory, prices and misfortunes follow from.
  public var seed: UInt64 = 1
  /// What goes wrong by chance.
  public var misfortune = Misfortune()
  /// How long an answer takes at least.
  public var latency: Duration = .zero
  /// How long a caller is left without an answer where one is.
  public var silence: Duration = .seconds(40)
  /// Seconds until prices move; 0 keeps them.
  public var pricesMoveSeconds: Int64 = 600
  /// How long offers hold.
  public var offerSeconds: Int64 = 1800
  /// How long places are held unpaid.
  public var holdSeconds: Int64 = 3600
  /// Where events of the Duffel shape go; nil sends none.
  public var webhookURL: String?
  /// Where events of the Stripe shape go; nil sends none.
  public var stripeWebhookURL: String?
  /// Where webhooks of the Adyen shape go; nil sends none.
  public var adyenWebhookURL: String?
  /// What those are signed with: hexadecimal digits.
  public var adyenKey = "5a4e44424f58205345435245542030313233343536373839"
  /// What events of the other shapes are signed with.
  public var webhookSecret = "sandbox-secret"
  /// The key that callers show, the same for all shapes.
  public var key = "sandbox-key"
  /// The secret that goes with it.
  public var secret = "sandbox-secret"

  /// A sandbox in which nothing goes wrong.
  public init() {}
}
