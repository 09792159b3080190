extension NoticeCode {
  /// What is wrong, as the middle of a sentence, and what to do about it.
  var text: (problem: String, mend: String) {
    switch self {
    case .missingRequiredFile: ("the feed lacks a file that it must have", "add the file")
    case .missingCalendar:
      ("the feed has neither calendar.txt nor calendar_dates.txt", "add one of them: without days nothing runs")
    case .emptyFile: ("the file has no row", "fill it, or leave it away")
    case .unknownFile: ("GTFS has no file of this name", "correct the name; files of other formats may stay")
    case .repeatedFile: ("the zip has two files of this name, and the last one counts", "make the zip anew")
    case .nestedFolder: ("the files lie in a folder inside", "put them at the top")
    case .wrongEncoding: ("the file is not in UTF-8", "save it as UTF-8")
    case .unreadableLocations:
      ("this is no GeoJSON with a list of features", "write a FeatureCollection whose features have ids")
    case .missingRequiredColumn: ("the header lacks a column that the file must have", "add the column")
    case .duplicatedColumn: ("the header has a column twice, and the first one counts", "remove one of them")
    case .emptyColumnName: ("a column has no name", "name it, or remove it")
    case .unknownColumn: ("GTFS has no column of this name here", "correct the name; columns of your own may stay")
    case .unclosedQuote: ("a quote is opened and never closed", "close it, or double it if it is part of the text")
    case .recordTooLong: ("the row is longer than a megabyte", "look for a quote that is not closed")
    case .textAfterQuote: ("text follows a closing quote", "double quotes that are part of the text")
    case .tooManyFields:
      ("the row has more than \(CSVScanner.fieldsMax) fields", "check the line for missing line breaks")
    case .rowTooShort:
      ("the row has fewer fields than the header", "write one field per column")
    case .rowTooLong:
      ("the row has more fields than the header", "quote texts that have commas")
    case .emptyRow: ("the line is empty", "remove it")
    case .missingRequiredField: ("a field that must have a value is empty", "fill it")
    case .missingRecommendedField: ("a field that riders need is empty", "fill it")
    case .invalidCharacter:
      ("the field has bytes that are no text", "save the file as UTF-8 without control characters")
    case .invalidInteger: ("this is no whole number", "write digits only")
    case .invalidNumber: ("this is no number", "write a number like 52.5")
    case .numberOutOfRange: ("this number is outside of what is possible", "correct it")
    case .unexpectedValue: ("GTFS does not know this value here", "write one of those that it lists")
    case .invalidTime: ("this is no time like 08:30:00 or 25:10:00", "correct it")
    case .timeWithoutSeconds: ("the time lacks its seconds", "write 08:30:00")
    case .invalidDate: ("this is no day like 20260601", "correct it")
    case .invalidTimezone: ("this is no time zone of the tz database", "write one like Europe/Berlin")
    case .invalidColor: ("this is no colour of six hexadecimal digits", "write one like 00FF7F")
    case .invalidCurrency: ("this is no currency code of three capital letters", "write one like EUR")
    case .invalidAmount:
      ("this is no amount of the currency", "write one like 2.50, with the decimals that the currency has")
    case .duplicateKey: ("an earlier row has the same key", "remove one of them, or give it another key")
    case .unknownReference:
      ("there is no usable row of this id in the file that it refers to", "correct the id, or mend that row")
    case .ambiguousReference: ("the id can be left out only where there is one to choose from", "fill it")
    case .inconsistentTimezone: ("agencies of one feed must share a time zone", "split the feed, or correct the zone")
    case .routeWithoutName: ("the route has neither a short nor a long name", "give it one")
    case .routeNamesAlike: ("the short and the long name are the same", "leave one of them away")
    case .stopWithoutLocation: ("the place has no coordinates", "add them")
    case .pointNearOrigin: ("the coordinates are near 0,0, where no feed is", "correct them")
    case .wrongParentType:
      ("the parent is of a kind that cannot have this child", "name a station; for a boarding area, a platform")
    case .missingParent: ("an entrance, node or boarding area must have a parent", "name its station")
    case .stationWithParent: ("a station has a parent", "remove it")
    case .stopTooFarFromParent:
      ("the stop is more than 1 km away from its station", "correct the coordinates or the parent")
    case .datesOutOfOrder: ("the end comes before the start", "exchange or correct them")
    case .serviceWithoutDays:
      ("the service has not one day on which it runs", "give it days, or remove it with its trips")
    case .dateOutOfReach: ("the day lies before 1970 or after 2199", "correct it")
    case .tripWithoutStopTimes: ("the trip has no stop times", "add them, or remove the trip")
    case .unusableTrip: ("fewer than two stop times of the trip can be used", "see what is wrong with the others")
    case .onlyOneTime: ("only one of arrival and departure is given, and it counts for both", "give both, or neither")
    case .departureBeforeArrival:
      ("the vehicle departs before it arrives", "correct the times; after midnight they go on as 24:10:00")
    case .decreasingTime:
      (
        "the vehicle arrives before it has left the stop before",
        "correct the times; after midnight they go on as 24:10:00"
      )
    case .missingEdgeTime: ("the first and the last stop of a trip must have times", "add them")
    case .stopTimeAtWrongPlace: ("vehicles call at stops and platforms only", "name a stop of location type 0")
    case .decreasingDistance: ("the distance along the shape does not grow", "correct it")
    case .fastTravel: ("no vehicle of this kind is so fast", "correct the times or the coordinates of the stops")
    case .windowWithTimes:
      ("a stop time has either times or a window, not both; the window counts", "leave the times away")
    case .incompleteWindow: ("a window must have a start and an end", "give both, the end after the start")
    case .overlappingFrequency: ("the range overlaps with an earlier one of the trip", "end one where the next begins")
    case .incompleteTransfer: ("the transfer lacks the stops or the trips that its type wants", "fill them")
    case .timeframeOutOfOrder:
      ("the timeframe ends before it begins, or after 24:00:00", "correct it, and split one that passes midnight")
    case .shapeWithOnePoint: ("the shape has fewer than two points", "add points, or remove it")
    }
  }
}
