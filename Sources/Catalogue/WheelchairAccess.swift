/// Whether somebody in a wheelchair gets in, as far as is known.
package enum WheelchairAccess: String, CaseIterable, Sendable {
  /// Everywhere that matters.
  case yes
  /// To a part, or with help.
  case limited
  /// Not at all.
  case no
}
