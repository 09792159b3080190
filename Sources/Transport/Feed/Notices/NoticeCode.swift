/// Everything that can be wrong with a feed and still lets it be read.
///
/// Names follow the canonical GTFS validator where it knows the same thing.
package enum NoticeCode: String, CaseIterable, Sendable {
  // Files
  case missingRequiredFile = "missing_required_file"
  case missingCalendar = "missing_calendar_and_calendar_date_files"
  case emptyFile = "empty_file"
  case unknownFile = "unknown_file"
  case repeatedFile = "repeated_file"
  case nestedFolder = "nested_folder"
  case wrongEncoding = "wrong_encoding"
  case unreadableLocations = "unreadable_locations"
  // Headers
  case missingRequiredColumn = "missing_required_column"
  case duplicatedColumn = "duplicated_column"
  case emptyColumnName = "empty_column_name"
  case unknownColumn = "unknown_column"
  // Lines
  case unclosedQuote = "unclosed_quote"
  case recordTooLong = "record_too_long"
  case textAfterQuote = "text_after_quote"
  case tooManyFields = "too_many_fields"
  case rowTooShort = "row_too_short"
  case rowTooLong = "row_too_long"
  case emptyRow = "empty_row"
  // Fields
  case missingRequiredField = "missing_required_field"
  case missingRecommendedField = "missing_recommended_field"
  case invalidCharacter = "invalid_character"
  case invalidInteger = "invalid_integer"
  case invalidNumber = "invalid_number"
  case numberOutOfRange = "number_out_of_range"
  case unexpectedValue = "unexpected_enum_value"
  case invalidTime = "invalid_time"
  case timeWithoutSeconds = "time_without_seconds"
  case invalidDate = "invalid_date"
  case invalidTimezone = "invalid_timezone"
  case invalidColor = "invalid_color"
  case invalidCurrency = "invalid_currency"
  case invalidAmount = "invalid_currency_amount"
  // Between rows
  case duplicateKey = "duplicate_key"
  case unknownReference = "foreign_key_violation"
  case ambiguousReference = "ambiguous_reference"
  // Agencies and routes
  case inconsistentTimezone = "inconsistent_agency_timezone"
  case routeWithoutName = "route_both_short_and_long_name_missing"
  case routeNamesAlike = "route_short_and_long_name_equal"
  // Stops
  case stopWithoutLocation = "stop_without_location"
  case pointNearOrigin = "point_near_origin"
  case wrongParentType = "wrong_parent_location_type"
  case missingParent = "location_without_parent_station"
  case stationWithParent = "station_with_parent_station"
  case stopTooFarFromParent = "platform_too_far_from_station"
  // Calendars
  case datesOutOfOrder = "start_and_end_range_out_of_order"
  case serviceWithoutDays = "service_never_runs"
  case dateOutOfReach = "date_out_of_reach"
  // Trips and stop times
  case tripWithoutStopTimes = "unused_trip"
  case unusableTrip = "unusable_trip"
  case onlyOneTime = "stop_time_with_only_arrival_or_departure_time"
  case departureBeforeArrival = "stop_time_with_departure_before_arrival_time"
  case decreasingTime = "stop_time_with_arrival_before_previous_departure_time"
  case missingEdgeTime = "missing_trip_edge_time"
  case stopTimeAtWrongPlace = "stop_time_at_wrong_location_type"
  case decreasingDistance = "decreasing_shape_distance"
  case fastTravel = "fast_travel_between_consecutive_stops"
  case windowWithTimes = "forbidden_times_with_window"
  case incompleteWindow = "incomplete_pickup_drop_off_window"
  // Frequencies and transfers
  case overlappingFrequency = "overlapping_frequency"
  case incompleteTransfer = "incomplete_transfer"
  // Fares
  case timeframeOutOfOrder = "timeframe_out_of_order"
  // Shapes
  case shapeWithOnePoint = "single_shape_point"
}

/// What a notice costs.
package enum NoticeConsequence: Sendable {
  case fileMissed, fileLeftOut, rowLeftOut, tripLeftOut, fieldIgnored, repaired, usedAsItIs

  var severity: Severity {
    switch self {
    case .fileMissed, .fileLeftOut, .rowLeftOut, .tripLeftOut: .error
    case .fieldIgnored, .repaired: .warning
    case .usedAsItIs: .note
    }
  }

  var sentence: String {
    switch self {
    case .fileMissed: "what depends on it is left out"
    case .fileLeftOut: "the file is left out"
    case .rowLeftOut: "the row is left out"
    case .tripLeftOut: "the trip is left out"
    case .fieldIgnored: "the field counts as empty"
    case .repaired: "it is put right as far as that can be done"
    case .usedAsItIs: "it is used as it is"
    }
  }
}
