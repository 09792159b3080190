public import Kernel

/// What the sun does each day.
public enum SunEvent: Hashable, Sendable {
  case sunrise, sunset, dawn, dusk

  /// Where nobody knows the place.
  var usualMinute: Int {
    switch self {
    case .sunrise: 6 * 60
    case .sunset: 18 * 60
    case .dawn: 5 * 60 + 30
    case .dusk: 18 * 60 + 30
    }
  }
}

/// Sunrise and sunset at a place, to a minute or two.
///
/// The usual formula: mean anomaly, equation of the centre and ecliptic longitude give the sun's transit and
/// declination, and those the hour angle at which its upper rim touches the horizon (-0.833°) or civil twilight begins (-6°).
public struct SunPosition: Sendable {
  /// Degrees north.
  public var latitude: Double
  /// Degrees east.
  public var longitude: Double
  /// What local time is ahead of UTC on a day, in minutes.
  public var utcOffsetMinutes: @Sendable (LocalDate) -> Int

  /// A place.
  public init(latitude: Double, longitude: Double, utcOffsetMinutes: @escaping @Sendable (LocalDate) -> Int) {
    self.latitude = latitude
    self.longitude = longitude
    self.utcOffsetMinutes = utcOffsetMinutes
  }

  /// Minutes after local midnight; nil where the sun stays up or down.
  public func minute(of event: SunEvent, on date: LocalDate) -> Int? {
    // Noon of 2000-01-01 is day 10957.5 since 1970; the mean solar noon here comes so much later or earlier.
    let cycle = Double(date.daysSinceEpoch) - 10_957 + 0.0008 - longitude / 360
    let anomaly = (357.5291 + 0.985_600_28 * cycle).truncatingRemainder(dividingBy: 360)
    let centre =
      1.9148 * Angle.sine(anomaly) + 0.02 * Angle.sine(2 * anomaly) + 0.0003 * Angle.sine(3 * anomaly)
    let longitudeOfSun = (anomaly + centre + 180 + 102.9372).truncatingRemainder(dividingBy: 360)
    let transit = cycle + 0.0053 * Angle.sine(anomaly) - 0.0069 * Angle.sine(2 * longitudeOfSun)
    let sineOfDeclination = Angle.sine(longitudeOfSun) * Angle.sine(23.4397)
    let cosineOfDeclination = (1 - sineOfDeclination * sineOfDeclination).squareRoot()
    let height = event == .sunrise || event == .sunset ? -0.833 : -6.0
    let cosine =
      (Angle.sine(height) - Angle.sine(latitude) * sineOfDeclination)
      / (Angle.cosine(latitude) * cosineOfDeclination)
    guard (-1...1).contains(cosine) else { return nil }
    let half = Angle.arcCosine(cosine) / 360
    let moment = event == .sunrise || event == .dawn ? transit - half : transit + half
    // Days since noon of the day itself, in UTC, to minutes after local midnight.
    let noon = Double(date.daysSinceEpoch) - 10_957
    return Int(((moment - noon) * 1440 + 720).rounded()) + utcOffsetMinutes(date)
  }
}
