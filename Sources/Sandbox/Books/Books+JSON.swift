import JSON

/// The books as tests read them: every sale and every payment in the order in which it was made, and the sums.
struct BooksJSON: JSONWritable {
  let books: Books
  let tills: [Till]

  func write(to writer: inout JSONWriter) {
    let all = books.order.compactMap { books.sales[$0] }
    writer.object { object in
      object.field("paid", all.reduce(Int64(0)) { $0 + $1.paid })
      object.field("refunded", all.reduce(Int64(0)) { $0 + $1.refunded })
      object.field("repeatedReferences", books.repeatedReferences)
      object.field("sales", all)
      object.field(
        "payments",
        tills.flatMap { till in
          till.order.compactMap { till.intents[$0] }.map { TillEntryJSON(intent: $0, refunded: till.refunded($0.id)) }
        })
    }
  }
}

extension Sale: JSONWritable {
  /// One sale.
  func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.field("id", id)
      object.field("shape", shape.rawValue)
      object.field("reference", reference)
      object.field("state", state.rawValue)
      object.field("goods", goods.stock)
      object.field("count", goods.count)
      object.field("price", price)
      object.field("paid", paid)
      object.field("refunded", refunded)
      object.field("changes", changes)
      object.field("documents", documents)
    }
  }
}
