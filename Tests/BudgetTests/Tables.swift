import Kernel
import Testing

@testable import Budget

/// A small world for tests: one country with two places, prices that can be worked out by hand.
enum SmallWorld {
  static let places = """
    id,name,currency,lodging,meals
    world,World,USD,100.00,50.00
    aa,Aland,EUR,200.00,
    aa/port,Port,EUR,300.00,80.00
    aa/hill,Hill Town,EUR,,
    bb,Bland,JPY,,
    """
  static let defaults = """
    scope,category,what,style,traveller,amount,currency,unit,period,spread
    # the world's
    world,activities,sights,,,10.00,EUR,person,day,
    world,activities,sights,,child,4.00,EUR,person,day,
    aa/port,local-transport,ferry card,,,9.00,EUR,person,trip,0
    bb,food,rice,budget,,1500,JPY,person,day,0.1
    """
  static let seasons = """
    scope,category,kind,name,from,to,factors
    aa/port,lodging,months,,,,1 1 1 1 1 2 2 2 1 1 1 1
    aa/port,lodging,event,fair,2026-03-10,2026-03-12,1.5
    aa,lodging,weekdays,,,,1 1 1 1 1.2 1.2 1
    """
  static let factors = """
    kind,category,word,factor
    ceiling,lodging,budget,0.5
    ceiling,food,budget,0.5
    ceiling,lodging,luxury,1
    ceiling,food,luxury,1
    traveller,food,child,0.5
    traveller,food,infant,0
    spread,lodging,,0.25
    correlation,lodging,,0.4
    """
  static let taxes = """
    id,scope,name,kind,value,currency,category,nights_max,age_from,age_to,from,to,condition,on_top_of
    """

  static func tables(
    places: String = places, defaults: String = defaults, seasons: String = seasons, factors: String = factors,
    taxes: String = taxes
  ) -> CostTables {
    func file(_ name: String, _ text: String) -> TableFile { TableFile(name: name, bytes: Array(text.utf8)) }
    return CostTables(
      places: file("places.csv", places), defaults: file("defaults.csv", defaults),
      seasons: file("seasons.csv", seasons), factors: file("factors.csv", factors), taxes: file("taxes.csv", taxes))
  }

  static func catalogue(taxes: String = "") throws -> CostCatalogue {
    try CostCatalogue(tables(taxes: Self.taxes + (taxes.isEmpty ? "" : "\n" + taxes)))
  }

  /// One euro is 1.25 dollars or 160 yen.
  static func rates() throws -> RateTable {
    RateTable(stated: [.dollar: try DecimalFraction("1.25"), try Currency("JPY"): DecimalFraction(160)])
  }

  static func estimator(taxes: String = "") throws -> Estimator {
    Estimator(try catalogue(taxes: taxes), try rates())
  }

  static func plan(
    _ catalogue: CostCatalogue, _ place: String = "aa/port", nights: Int = 3, start: String = "2026-02-02",
    party: [TravellerType] = [.adult, .adult], style: String = "budget"
  ) throws -> TripPlan {
    TripPlan(
      currency: .euro, start: try LocalDate(start),
      stays: [Stay(place: try #require(catalogue.findPlace(place)), nights: nights)],
      party: party.map { Traveller(name: $0.rawValue, type: $0) }, style: style)
  }
}

func euros(_ text: String) throws -> Money { try Money(text, .euro) }

@Suite("Tables")
struct TableTests {
  @Test("a fault in a table is told with file, line and mend")
  func faults() throws {
    func fault(_ tables: CostTables) -> String {
      do {
        _ = try CostCatalogue(tables)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    let cases: [(CostTables, String)] = [
      (SmallWorld.tables(places: "id,name\n"), "places.csv:1: the first line must name the columns"),
      (SmallWorld.tables(places: ""), "places.csv:1: the file is empty"),
      (SmallWorld.tables(places: SmallWorld.places + "\ncc/x,X,EUR,,"), "places.csv:7: \"cc/x\" needs \"cc\""),
      (SmallWorld.tables(places: SmallWorld.places + "\ncc,C,EUX,,"), "places.csv:7: currency must be an ISO 4217"),
      (SmallWorld.tables(places: SmallWorld.places + "\naa,C,EUR,,"), "places.csv:7: \"aa\" stands twice"),
      (SmallWorld.tables(places: SmallWorld.places + "\ncc,C,EUR"), "places.csv:7: there are 3 fields where"),
      (SmallWorld.tables(places: SmallWorld.places + "\ncc,\"C,EUR,,"), "places.csv:7: a quote is opened"),
      (SmallWorld.tables(places: SmallWorld.places + "\ncc,C,EUR,1e9999999999,"), "places.csv:7: lodging must be an"),
      (
        SmallWorld.tables(seasons: SmallWorld.seasons + "\naa/port,lodging,event,other,2026-03-12,2026-03-20,2"),
        "seasons.csv:5: \"other\" shares days with \"fair\": end one before the other begins"
      ),
      (
        SmallWorld.tables(seasons: SmallWorld.seasons + "\naa,food,months,,,,1 1"),
        "seasons.csv:5: months wants 12 factors, found 2"
      ),
      (SmallWorld.tables(factors: "kind,category,word,factor\nceling,food,x,1"), "factors.csv:2: kind must be ceiling"),
      (
        SmallWorld.tables(defaults: SmallWorld.defaults + "\nzz,food,x,,,1.00,EUR,person,day,"),
        "defaults.csv:7: there is no place \"zz\""
      ),
      (
        SmallWorld.tables(
          taxes: SmallWorld.taxes + "\na,aa,A,percent,10,,,,,,,,,b\nb,aa,B,percent,10,,,,,,,,,a"),
        "taxes.csv:2: the rule \"a\" must not be reckoned on itself: a on b on a; take one out of what another is on top of"
      ),
      (
        SmallWorld.tables(taxes: SmallWorld.taxes + "\na,aa,A,percent,110,,,,,,,,,"),
        "taxes.csv:2: value must be a percentage from 0 to 100"
      ),
      (
        SmallWorld.tables(taxes: SmallWorld.taxes + "\na,aa,A,head-tax,1,EUR,,,,,,,,"),
        "taxes.csv:2: kind must be one of"
      ),
    ]
    for (tables, beginning) in cases {
      let said = fault(tables)
      #expect(said.hasPrefix(beginning), "\(said)")
    }
    #expect(fault(SmallWorld.tables()) == "none")
  }

  @Test("a place is found by its id, its name or its last part, unless several have it")
  func findsPlaces() throws {
    let catalogue = try CostCatalogue(
      SmallWorld.tables(places: SmallWorld.places + "\nbb/port,Port,JPY,,\nbb/rock,The Rock,JPY,,"))
    #expect(catalogue.findPlace("aa/port") != nil)
    #expect(catalogue.findPlace("port") == nil)
    #expect(catalogue.findPlace("The Rock") == catalogue.findPlace("bb/rock"))
    #expect(catalogue.findPlace("aland") == catalogue.findPlace("aa"))
    #expect(catalogue.findPlace("Nowhere") == nil)
  }
}
