/// The form of a request as a JSON Schema (draft 2020-12), for editors, forms and programs of others.
package enum TripSchema {
  /// The schema's text, UTF-8.
  package static let bytes = PackageResources.trip_request_json
}
