import Catalogue
import Kernel

/// Places whose names are made of syllables; few words are common and most are rare, as in names of places.
struct RandomPlaces {
  private static let syllables = [
    "ba", "ro", "li", "ton", "sa", "mer", "ka", "vi", "lo", "est", "ur", "ne", "pol", "gra", "den", "fi", "hau", "jo",
    "quo", "wick", "zel", "ey", "os", "cam",
  ]
  private static let categories = ["museum", "church", "park", "castle", "cafe", "market", "theatre", "viewpoint"]

  let places: [CataloguePlace]

  init(count: Int, using random: inout SeededRandom) {
    let words = (0..<20_000).map { _ in
      (0..<Int.random(in: 2...4, using: &random)).map { _ in
        Self.syllables[Int.random(in: 0..<Self.syllables.count, using: &random)]
      }.joined()
    }
    places = (0..<count).map { number in
      let category = Self.categories[Int.random(in: 0..<Self.categories.count, using: &random)]
      let name = [
        Self.word(of: words, &random), Self.word(of: words, &random), number % 3 == 0 ? category : "",
      ].filter { !$0.isEmpty }.joined(separator: " ")
      return CataloguePlace(
        id: "bench/\(number)", name: name,
        point: Coordinate(.random(in: 36...64, using: &random), .random(in: -10...30, using: &random)), city: nil,
        category: category, score: Int.random(in: 1...100, using: &random),
        facts: .sight(CataloguePlace.SightFacts(tags: ["art"], hours: "", minutes: 60, price: .zero(.euro))))
    }
  }

  /// The cube makes the first words common.
  private static func word(of words: [String], _ random: inout SeededRandom) -> String {
    let share = Double.random(in: 0..<1, using: &random)
    return words[Int(Double(words.count) * share * share * share)]
  }
}
