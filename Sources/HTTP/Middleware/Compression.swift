/// Sends textual bodies in gzip to those who take it.
///
/// - From 1 KiB on, because less fits into a packet anyway.
/// - Up to 128 KiB, because compressing happens on the event loop, where 128 KiB take a bit less than a millisecond;
///   what is longer should be a stream or a file, which the gateway may compress.
/// - Streams pass as they are; events (`text/event-stream`) would be held back by it.
/// - A strong `ETag` becomes weak, because the bytes are others for the same version.
///
/// A page that echoes what its caller sends next to a secret should not be compressed (BREACH): set
/// `Cache-Control: no-transform`, which is respected.
public struct Compression: Middleware {
  /// The shortest body that is compressed, unless the caller takes nothing else.
  public static let sizeMin = 1024

  private let sizeMax: Int
  private let pool: GzipPool

  /// Compression of bodies up to a size.
  ///
  /// - Parameters:
  ///   - sizeMax: the longest body that is compressed, in bytes.
  ///   - level: zlib's level.
  public init(sizeMax: Int = 128 * 1024, level: Int = 1) {
    self.sizeMax = sizeMax
    pool = GzipPool(level: level)
  }

  /// Compresses the answer if it should be.
  public func handle(_ request: Request, _ context: RequestContext, next: Handler) async throws -> Response {
    var response = try await next(request, context)
    guard case .bytes(let bytes) = response.body, bytes.count <= sizeMax else { return response }
    let field = request.head.firstValue("accept-encoding")
    guard bytes.count >= Self.sizeMin || Self.mayForbidIdentity(field, request.head) else { return response }
    let accepted = field.map { request.head.storage.withBytes($0, AcceptEncoding.init) } ?? .absent
    guard bytes.count >= Self.sizeMin || !accepted.allowsIdentity, Self.isCompressible(response) else {
      return response
    }
    response.fields.appendToList("Vary", "Accept-Encoding")
    guard accepted.prefersGzip, let compressed = pool.compress(bytes) else { return response }
    response.body = .bytes(compressed)
    response.fields.set("Content-Encoding", "gzip")
    if let tag = response.fields["ETag"], !tag.hasPrefix("W/") { response.fields.set("ETag", "W/" + tag) }
    return response
  }

  /// Whether short bodies need a closer look: forbidding takes a weight, and a weight takes a semicolon.
  private static func mayForbidIdentity(_ field: ByteRange?, _ head: RequestHead) -> Bool {
    field.map { head.storage.withBytes($0) { $0.contains(Byte.semicolon) } } ?? false
  }

  /// Whether status and fields let the body be changed, and its type says that it is text.
  static func isCompressible(_ response: Response) -> Bool {
    guard !response.status.forbidsBody, response.status != .partialContent,
      !response.fields.contains("Content-Encoding"),
      !response.fields.listItems(of: "Cache-Control").contains("no-transform"),
      let type = response.fields["Content-Type"]
    else { return false }
    return isTextual(type)
  }

  static func isTextual(_ contentType: String) -> Bool {
    let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
    if type.hasPrefix("text/") { return type != "text/event-stream" }
    if type.hasSuffix("+json") || type.hasSuffix("+xml") { return true }
    return [
      "application/json", "application/xml", "application/javascript", "application/x-ndjson", "application/wasm",
    ].contains(type)
  }
}
