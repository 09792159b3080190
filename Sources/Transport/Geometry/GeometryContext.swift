import CGEOS
import Kernel

/// What one thread works on shapes with: GEOS keeps its state here, so that threads do not disturb each other.
///
/// A shape belongs to the context that it was made with, and keeps it.
final class GeometryContext {
  fileprivate let handle: GEOSContextHandle_t

  /// Nil if memory is exhausted.
  init?() {
    guard let handle = GEOS_init_r() else { return nil }
    self.handle = handle
  }

  deinit { GEOS_finish_r(handle) }

  /// A polygon with these corners and no holes; nil for fewer than three.
  func polygon(_ corners: [Coordinate]) -> Geometry? {
    guard corners.count >= 3 else { return nil }
    var numbers: [Double] = []
    numbers.reserveCapacity(2 * corners.count + 2)
    for corner in corners + [corners[0]] { numbers += [corner.longitude, corner.latitude] }
    guard let points = GEOSCoordSeq_copyFromBuffer_r(handle, numbers, UInt32(corners.count + 1), 0, 0),
      let ring = GEOSGeom_createLinearRing_r(handle, points)
    else { return nil }
    return Geometry(GEOSGeom_createPolygon_r(handle, ring, nil, 0), self)
  }

  /// Everything that lies in any of these; nil for none.
  func union(_ parts: [Geometry]) -> Geometry? {
    // The collection owns what is in it, so it gets copies.
    var copies: [OpaquePointer?] = parts.compactMap { GEOSGeom_clone_r(handle, $0.handle) }
    guard !copies.isEmpty,
      let collection = GEOSGeom_createCollection_r(
        handle, Int32(GEOS_MULTIPOLYGON.rawValue), &copies, UInt32(copies.count))
    else { return nil }
    defer { GEOSGeom_destroy_r(handle, collection) }
    return Geometry(GEOSUnaryUnion_r(handle, collection), self)
  }

  /// The smallest area without dents around these points; nil for fewer than three that are not in one line.
  func hull(_ points: [Coordinate]) -> Geometry? {
    var numbers: [Double] = []
    for point in points { numbers += [point.longitude, point.latitude] }
    guard points.count >= 3, let sequence = GEOSCoordSeq_copyFromBuffer_r(handle, numbers, UInt32(points.count), 0, 0),
      let line = GEOSGeom_createLineString_r(handle, sequence)
    else { return nil }
    defer { GEOSGeom_destroy_r(handle, line) }
    guard let hull = Geometry(GEOSConvexHull_r(handle, line), self), !hull.polygons.isEmpty else { return nil }
    return hull
  }
}

/// An area, in degrees.
final class Geometry {
  private let context: GeometryContext
  fileprivate let handle: OpaquePointer

  fileprivate init?(_ handle: OpaquePointer?, _ context: GeometryContext) {
    guard let handle else { return nil }
    (self.handle, self.context) = (handle, context)
  }

  deinit { GEOSGeom_destroy_r(context.handle, handle) }

  /// The same with fewer corners: none moves by more than so many degrees, and nothing comes to cross itself.
  func simplified(degrees: Double) -> Geometry? {
    Geometry(GEOSTopologyPreserveSimplify_r(context.handle, handle, degrees), context)
  }

  /// Square degrees.
  var area: Double {
    var area = 0.0
    return GEOSArea_r(context.handle, handle, &area) == 1 ? area : 0
  }

  /// Whether a point lies in it, or on its edge.
  func covers(_ point: Coordinate) -> Bool {
    guard let other = GEOSGeom_createPointFromXY_r(context.handle, point.longitude, point.latitude) else {
      return false
    }
    defer { GEOSGeom_destroy_r(context.handle, other) }
    return GEOSCovers_r(context.handle, handle, other) == 1
  }

  /// Its polygons, each the outer ring and then the holes; rings end where they begin, the outer ones turn left and
  /// holes right, as GeoJSON wants it.
  var polygons: [[[Coordinate]]] {
    (0..<max(0, GEOSGetNumGeometries_r(context.handle, handle))).compactMap { index in
      guard let part = GEOSGetGeometryN_r(context.handle, handle, index),
        GEOSGeomTypeId_r(context.handle, part) == Int32(GEOS_POLYGON.rawValue),
        let outer = GEOSGetExteriorRing_r(context.handle, part)
      else { return nil }
      var rings = [ring(outer, turnsLeft: true)]
      for hole in 0..<max(0, GEOSGetNumInteriorRings_r(context.handle, part)) {
        if let inner = GEOSGetInteriorRingN_r(context.handle, part, hole) {
          rings.append(ring(inner, turnsLeft: false))
        }
      }
      return rings[0].isEmpty ? nil : rings
    }
  }

  private func ring(_ ring: OpaquePointer, turnsLeft: Bool) -> [Coordinate] {
    guard let sequence = GEOSGeom_getCoordSeq_r(context.handle, ring) else { return [] }
    var count: UInt32 = 0
    guard GEOSCoordSeq_getSize_r(context.handle, sequence, &count) == 1, count > 0 else { return [] }
    var numbers = [Double](repeating: 0, count: 2 * Int(count))
    guard GEOSCoordSeq_copyToBuffer_r(context.handle, sequence, &numbers, 0, 0) == 1 else { return [] }
    let points = (0..<Int(count)).map { Coordinate(numbers[2 * $0 + 1], numbers[2 * $0]) }
    var isLeft: CChar = 0
    guard GEOSCoordSeq_isCCW_r(context.handle, sequence, &isLeft) == 1 else { return points }
    return (isLeft != 0) == turnsLeft ? points : points.reversed()
  }
}
