import HTTP
import Notification

/// What pages say, in one language.
struct PageWords: Sendable {
  /// A page with a form.
  struct Form: Sendable {
    let title: String
    /// What to do, in a sentence.
    let words: String
    let button: String
    /// What is said when it is done.
    let done: String
  }

  /// What did not work; what exactly was wrong the API says, in English.
  struct Faults: Sendable {
    /// The code is not, or no longer, good.
    let code: String
    /// Address, password or second factor are not right.
    let signIn: String
    /// Too many tries.
    let often: String
    /// Anything else that was sent and not taken.
    let refused: String
    /// It is us, or the way to us.
    let failed: String

    /// Each by what the script calls it.
    var named: [(name: String, words: String)] {
      [("code", code), ("signin", signIn), ("often", often), ("refused", refused), ("failed", failed)]
    }
  }

  let code: String
  let password: String
  let newPassword: String
  let address: String
  let authenticator: String
  let confirm: Form
  let confirmAddress: Form
  let reset: Form
  let joinOrganisation: Form
  let joinTrip: Form
  let unsubscribe: Form
  /// What to do without scripts, in two parts around the name of a route; the code is its `token`.
  let withoutScripts: (before: String, after: String)
  let faults: Faults

  /// The words of a language.
  static func of(_ language: Language) -> PageWords {
    switch language {
    case .english: english
    case .german: german
    case .french: french
    case .spanish: spanish
    case .portuguese: portuguese
    case .italian: italian
    }
  }

  /// What is said of a problem.
  func fault(_ problem: Problem) -> String {
    switch problem.status.code {
    case 429: faults.often
    case 401: faults.signIn
    case 500...: faults.failed
    default: problem.type == PageWords.badCode ? faults.code : faults.refused
    }
  }

  /// The kind of problem that a code is not good.
  static let badCode = "/problems/mail-token"
}
