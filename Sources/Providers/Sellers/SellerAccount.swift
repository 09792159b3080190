/// Where a seller is and how it knows us.
package struct SellerAccount: Sendable {
  /// What we call it, in every offer's key.
  package var name: String
  /// `https://api.example.org`, without a slash at the end.
  package var url: String
  /// The key, or the name of the client.
  package var key: String
  /// The secret that goes with it, where there is one.
  package var secret: String
  /// How long an order may take; searches get a third of it.
  package var patience: Duration

  /// An account.
  package init(name: String, url: String, key: String, secret: String = "", patience: Duration = .seconds(60)) {
    self.name = name
    self.url = url
    self.key = key
    self.secret = secret
    self.patience = patience
  }
}
