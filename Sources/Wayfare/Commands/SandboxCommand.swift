import EventLoop
import Glibc
import HTTP
import Sandbox
import Telemetry

extension Command {
  /// The command `wayfare sandbox`.
  static let sandbox = Command(
    name: "sandbox", summary: "a seller to develop and test against",
    discussion: """
      Sells flights in the shapes of Duffel's and Amadeus' APIs and beds in Hotelbeds' shape, and collects money in
      Stripe's and Adyen's, until SIGTERM or Ctrl-C.
      What there is, what it costs and what goes wrong follow from the seed. GET /sandbox/books tells what was sold.
      The key is sandbox-key and its secret sandbox-secret; docs/offers.md says more.
      """,
    settings: [
      .sandboxPort, .sandboxSeed, .sandboxLatency, .sandboxErrors, .sandboxErrorsAfter, .sandboxSilences,
      .sandboxLosses, .sandboxDelays, .sandboxGarbage, .sandboxSoldOut, .sandboxPriceRises, .sandboxDuplicates,
      .sandboxReorders, .sandboxWebhookURL,
      .sandboxStripeWebhookURL, .sandboxAdyenWebhookURL,
    ] + Setting.log
  ) { arguments in
    let settings = try Settings(arguments)
    let sandbox = try sandboxSettings(settings)
    guard let port = try settings.int(.sandboxPort, in: 0...65_535) else {
      throw UsageError("wayfare sandbox wants a port: --port 8181, or --port 0 for any")
    }
    let runtime = try Runtime(settings)
    return try runtime.run {
      let server = try SandboxServer(
        sandbox, listen: ListenAddress("127.0.0.1:\(port)"), group: runtime.group,
        logger: runtime.logger.named("sandbox"))
      try await server.start()
      // On standard output, so that whoever started it learns the port.
      print("sandbox listens on http://\(server.address)")
      fflush(nil)
      try await Signals.first(on: runtime.group.loops[0])
      await server.stop()
      return .done
    }
  }

  private static func sandboxSettings(_ settings: Settings) throws(UsageError) -> SandboxSettings {
    var sandbox = SandboxSettings()
    sandbox.seed = UInt64(try settings.int(.sandboxSeed, in: 0...Int.max) ?? 1)
    sandbox.latency = .milliseconds(try settings.int(.sandboxLatency, in: 0...60_000) ?? 0)
    sandbox.misfortune.errors = try settings.fraction(.sandboxErrors)
    sandbox.misfortune.errorsAfter = try settings.fraction(.sandboxErrorsAfter)
    sandbox.misfortune.silences = try settings.fraction(.sandboxSilences)
    sandbox.misfortune.losses = try settings.fraction(.sandboxLosses)
    sandbox.misfortune.delays = try settings.fraction(.sandboxDelays)
    sandbox.misfortune.garbage = try settings.fraction(.sandboxGarbage)
    sandbox.misfortune.soldOut = try settings.fraction(.sandboxSoldOut)
    sandbox.misfortune.priceRises = try settings.fraction(.sandboxPriceRises)
    sandbox.misfortune.duplicates = try settings.fraction(.sandboxDuplicates)
    sandbox.misfortune.reorders = try settings.fraction(.sandboxReorders)
    sandbox.webhookURL = settings.string(.sandboxWebhookURL)
    sandbox.stripeWebhookURL = settings.string(.sandboxStripeWebhookURL)
    sandbox.adyenWebhookURL = settings.string(.sandboxAdyenWebhookURL)
    return sandbox
  }
}

extension Setting {
  fileprivate static let sandboxPort = Setting(name: "port", placeholder: "N", help: "where on 127.0.0.1 to listen")
  fileprivate static let sandboxSeed = Setting(
    name: "seed", placeholder: "N", help: "what everything follows from (default: 1)")
  fileprivate static let sandboxLatency = Setting(
    name: "latency-milliseconds", placeholder: "N", help: "how long an answer takes at least (default: 0)")
  fileprivate static let sandboxErrors = share("errors", "requests answered 500 before anything is done")
  fileprivate static let sandboxErrorsAfter = share("errors-after", "requests answered 500 after they were done")
  fileprivate static let sandboxSilences = share("silences", "requests that are done and not answered")
  fileprivate static let sandboxLosses = share("losses", "requests that are neither done nor answered")
  fileprivate static let sandboxDelays = share("delays", "requests that are done when nobody waits for them any more")
  fileprivate static let sandboxGarbage = share("garbage", "requests that are done and answered with garbage")
  fileprivate static let sandboxSoldOut = share("sold-out", "orders whose last place somebody else has bought")
  fileprivate static let sandboxPriceRises = share("price-rises", "orders just before which the price rises")
  fileprivate static let sandboxDuplicates = share("duplicates", "events that are sent twice")
  fileprivate static let sandboxReorders = share("reorders", "events that wait for the next one")
  fileprivate static let sandboxWebhookURL = Setting(
    name: "webhook-url", placeholder: "URL", help: "where events of the Duffel shape go (default: nowhere)")

  fileprivate static let sandboxStripeWebhookURL = Setting(
    name: "stripe-webhook-url", placeholder: "URL", help: "where events of the Stripe shape go (default: nowhere)")

  fileprivate static let sandboxAdyenWebhookURL = Setting(
    name: "adyen-webhook-url", placeholder: "URL", help: "where webhooks of the Adyen shape go (default: nowhere)")

  private static func share(_ name: String, _ what: String) -> Setting {
    Setting(name: name, placeholder: "0…1", help: "the share of \(what) (default: 0)")
  }
}
