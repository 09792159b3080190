import Testing

@testable import Transport

@Suite("Fares, first version")
struct FaresTests {
  @Test("tickets with prices in minor units and rules by route and zone")
  func tickets() throws {
    let imported = try FeedText([
      "fare_attributes.txt": """
      fare_id,price,currency_type,payment_method,transfers,agency_id,transfer_duration
      S,2.50,EUR,0,0,,
      D,3,EUR,1,,X,5400
      J,250,JPY,1,2,,
      N,-1,EUR,1,2,,
      M,1,EUR,1,7,,

      """,
      "fare_rules.txt":
        "fare_id,route_id,origin_id,destination_id,contains_id\nS,R,,,\nD,,1,2,\nD,,,,3\nS,Q,,,\nZ,R,,,\n",
    ]).graph()
    #expect(imported.codes == ["error foreign_key_violation 2", "error number_out_of_range 2"])
    #expect(
      try imported.rows(
        "select fare_id, price_minor, currency_type, transfers, agency, transfer_duration from fare_attributes")
        == ["S|250|EUR|0||", "D|300|EUR||0|5400", "J|250|JPY|2||"])
    #expect(
      try imported.rows("select fare, route, origin_id, destination_id, contains_id from fare_rules") == [
        "0|0|||", "1||1|2|", "1||||3",
      ])
  }
}

@Suite("Fares, second version")
struct FareProductsTests {
  private let files: [String: String?] = [
    "areas.txt": "area_id,area_name\nIN,Inner\nOUT,Outer\n",
    "stop_areas.txt": "area_id,stop_id\nIN,A\nIN,B\nOUT,C\nIN,A\n",
    "networks.txt": "network_id,network_name\nN,Net\n",
    "route_networks.txt": "network_id,route_id\nN,R\n",
    "fare_media.txt": "fare_media_id,fare_media_name,fare_media_type\nCARD,Card,2\n",
    "rider_categories.txt":
      "rider_category_id,rider_category_name,is_default_fare_category\nADULT,Adult,1\nOLD,Senior,0\n",
    "fare_products.txt": """
    fare_product_id,fare_product_name,rider_category_id,fare_media_id,amount,currency
    SINGLE,Single,ADULT,CARD,2.80,EUR
    SINGLE,Single,OLD,CARD,1.40,EUR
    SINGLE,Single,OLD,CARD,1.50,EUR
    SINGLE,Single,CHILD,CARD,1.00,EUR
    CHANGE,Transfer,,,-0.50,EUR

    """,
    "timeframes.txt": "timeframe_group_id,start_time,end_time,service_id\nPEAK,07:00:00,09:00:00,W\nALL,,,W\n",
    "fare_leg_rules.txt": """
    leg_group_id,network_id,from_area_id,to_area_id,from_timeframe_group_id,fare_product_id,rule_priority
    G,N,IN,OUT,PEAK,SINGLE,5
    G,N,IN,OUT,,SINGLE,
    G,,NOWHERE,,,SINGLE,
    G,,,,,NONE,

    """,
    "fare_leg_join_rules.txt": "from_network_id,to_network_id,from_stop_id,to_stop_id\nN,N,B,B\n",
    "fare_transfer_rules.txt": """
    from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,fare_transfer_type,fare_product_id
    G,G,-1,5400,1,0,CHANGE
    G,G,0,,,0,
    G,G,1,5400,,0,
    G,G,1,,,7,

    """,
  ]

  @Test("areas, networks, products, rules and timeframes; a row that points nowhere must not come to mean more")
  func products() throws {
    let imported = try FeedText(files).graph()
    #expect(
      imported.codes == [
        "error duplicate_key 2", "error foreign_key_violation 3", "error missing_required_field 1",
        "error number_out_of_range 2",
      ], "\(imported.report.notices.map { "\($0.file ?? "") \($0.line ?? 0) \($0.code.rawValue)" })")
    #expect(try imported.rows("select area, stop from stop_areas") == ["0|0", "0|1", "1|2"])
    #expect(
      try imported.rows("select fare_product_id, rider_category, fare_medium, amount_minor from fare_products")
        == ["SINGLE|0|0|280", "SINGLE|1|0|140", "CHANGE|||-50"])
    #expect(
      try imported.rows("select timeframe_group_id, start_time, end_time from timeframes") == [
        "PEAK|25200|32400", "ALL|0|86400",
      ])
    #expect(
      try imported.rows(
        "select network, from_area, to_area, from_timeframe_group_id, rule_priority from fare_leg_rules")
        == ["0|0|1|PEAK|5", "0|0|1||0"])
    #expect(try imported.rows("select * from fare_leg_join_rules") == ["0|0|0|1|1"])
    #expect(
      try imported.rows(
        "select transfer_count, duration_limit, duration_limit_type, fare_transfer_type, fare_product_id from fare_transfer_rules"
      )
        == ["-1|5400|1|0|CHANGE"])
    #expect(try imported.rows("pragma foreign_key_check").isEmpty)
  }

  @Test("without a column of priorities rules have none, which is not the same as the lowest")
  func priorities() throws {
    let imported = try FeedText([
      "fare_products.txt": "fare_product_id,amount,currency\nP,1,EUR\n",
      "fare_leg_rules.txt": "leg_group_id,fare_product_id\nG,P\n",
    ]).graph()
    #expect(try imported.graph.all(FareLegRuleRow.self).map(\.rulePriority) == [nil])
  }
}

@Suite("translations.txt and attributions.txt")
struct TranslationsFileTests {
  @Test("texts in other languages and who must be named are kept")
  func kept() throws {
    let imported = try FeedText([
      "translations.txt":
        "table_name,field_name,language,translation,record_id\nstops,stop_name,fr,Alphe,A\ntables,x,fr,y,A\n",
      "attributions.txt": "organization_name,is_producer,route_id,trip_id\nOrg,1,R,\nOther,2,,X\n",
    ]).graph()
    #expect(
      imported.codes == [
        "error unexpected_enum_value 1", "warning foreign_key_violation 1", "warning unexpected_enum_value 1",
      ])
    #expect(
      try imported.rows("select table_name, language, translation, record_id from translations") == ["stops|fr|Alphe|A"]
    )
    #expect(
      try imported.rows("select organization_name, is_producer, route, trip from attributions") == [
        "Org|1|0|", "Other|0||",
      ])
  }
}
