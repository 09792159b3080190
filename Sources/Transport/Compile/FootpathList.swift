import Kernel

/// The footpaths between stops: what the feeds say, then platforms of one station, then what is near.
///
/// A transfer of the feed goes before everything else; the fastest of several counts. Between two platforms of one
/// station riders walk the distance and lose a minute on stairs; within 300 m of one another stops are linked as the
/// crow flies with a detour. Stations of different feeds that are one place are linked whatever the distance.
struct FootpathList {
  static let metresPerSecond = 1.25
  static let detour = 1.3
  private static let metresMax = 300.0
  private static let stationSeconds = 60.0
  /// So many links a stop of a station at most: the product of two large stations is not walked pair by pair.
  private static let platformsMax = 200

  private let source: CompiledSource
  private var edges: [Footpath] = []
  /// Platforms of each station that have any.
  private var platforms: [Int32: [Int32]] = [:]

  init(of source: CompiledSource) {
    self.source = source
    for (index, stop) in source.stops.enumerated() where stop.isPlatform && stop.station >= 0 {
      platforms[root(stop.station), default: []].append(Int32(index))
    }
    addNear()
    addStations()
    addLinks()
    addTransfers()
  }

  func table() -> FootpathTable { FootpathTable(edges, stopCount: source.stops.count) }

  /// Seconds that changing takes at each stop, -1 where it is forbidden: what the feeds say of a stop and itself.
  static func changes(of source: CompiledSource) -> [Int32] {
    var changes = [Int32](repeating: 0, count: source.stops.count)
    for transfer in source.stopTransfers where transfer.from == transfer.to {
      guard source.stops[Int(transfer.from)].isPlatform else { continue }
      if transfer.type == .impossible {
        changes[Int(transfer.from)] = -1
      } else if transfer.type == .minimumTime {
        changes[Int(transfer.from)] = transfer.seconds ?? 0
      }
    }
    return changes
  }

  /// A boarding area's parent is a platform, whose parent is the station.
  private func root(_ stop: Int32) -> Int32 {
    let parent = source.stops[Int(stop)].station
    return parent >= 0 ? parent : stop
  }

  private func metres(_ from: Int32, _ to: Int32) -> Double {
    let (a, b) = (source.stops[Int(from)], source.stops[Int(to)])
    return Coordinate(a.latitude, a.longitude).metres(to: Coordinate(b.latitude, b.longitude))
  }

  static func seconds(metres: Double) -> Int32 {
    Int32(max(1, (metres * detour / metresPerSecond).rounded(.up)))
  }

  private mutating func addNear() {
    let candidates = source.stops.indices.filter { source.stops[$0].isPlatform }
    let grid = StopGrid(
      candidates.map { (Int32($0), Coordinate(source.stops[$0].latitude, source.stops[$0].longitude)) },
      metres: Self.metresMax)
    for from in candidates {
      let place = Coordinate(source.stops[from].latitude, source.stops[from].longitude)
      grid.forEach(near: place, metres: Self.metresMax) { to, metres in
        // Within a station the way leads over stairs, however near the platforms are on a map.
        let station = source.stops[from].station
        if to == from || station >= 0 && root(station) == root(to) { return }
        edges.append(Footpath(from: Int32(from), to: to, seconds: Self.seconds(metres: metres)))
      }
    }
  }

  private mutating func addStations() {
    for (_, members) in platforms.sorted(by: { $0.key < $1.key }) where members.count <= Self.platformsMax {
      for from in members {
        for to in members where from != to {
          let walk = metres(from, to) * Self.detour / Self.metresPerSecond + Self.stationSeconds
          edges.append(Footpath(from: from, to: to, seconds: Int32(walk.rounded(.up))))
        }
      }
    }
  }

  private mutating func addLinks() {
    for link in source.links {
      for from in members(link.from) {
        for to in members(link.to) {
          edges.append(Footpath(from: from, to: to, seconds: Self.seconds(metres: metres(from, to))))
        }
      }
    }
  }

  private func members(_ stop: Int32) -> [Int32] {
    guard let members = platforms[stop] else { return source.stops[Int(stop)].isPlatform ? [stop] : [] }
    return members.count <= Self.platformsMax ? members : []
  }

  private mutating func addTransfers() {
    var said: [UInt64: Int32?] = [:]
    for transfer in source.stopTransfers {
      let isMinimum = transfer.type == .minimumTime
      for from in members(transfer.from) {
        for to in members(transfer.to) where from != to {
          let key = UInt64(UInt32(bitPattern: from)) << 32 | UInt64(UInt32(bitPattern: to))
          let seconds = isMinimum ? transfer.seconds ?? 0 : Self.seconds(metres: metres(from, to))
          said[key] = .some(transfer.type == .impossible ? nil : min((said[key] ?? nil) ?? .max, seconds))
        }
      }
    }
    edges.removeAll { said[UInt64(UInt32(bitPattern: $0.from)) << 32 | UInt64(UInt32(bitPattern: $0.to))] != nil }
    for (key, seconds) in said {
      guard let seconds else { continue }
      edges.append(
        Footpath(from: Int32(truncatingIfNeeded: key >> 32), to: Int32(truncatingIfNeeded: key), seconds: seconds))
    }
  }
}
