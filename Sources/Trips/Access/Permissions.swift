/// What a member is to a trip, the most trusted first.
package enum TripRole: String, CaseIterable, Hashable, Sendable {
  case owner, editor, commenter, viewer
}

/// How somebody stands to a trip.
package enum TripStanding: Hashable, Sendable {
  case member(TripRole)
  /// Shows a link that leads to it.
  case linked
  /// Anybody, with a trip that is public.
  case visitor
  /// Has nothing to do with it: to them it does not exist.
  case none

  /// Everything that it can be.
  package static let all: [TripStanding] = TripRole.allCases.map { .member($0) } + [.linked, .visitor, .none]
}

/// What can be done with a trip.
package enum TripAction: String, CaseIterable, Hashable, Sendable {
  /// See what it says.
  case read
  /// See who does what: members, the feed, comments, votes, presence.
  case follow
  case comment
  case vote
  case edit
  case copy
  /// Invite people, change their roles, make links.
  case share
  case leave
  /// To the trash, back, for good; make it public or a template.
  case own

  /// What it is, after "to".
  package var words: String {
    switch self {
    case .read: "read this trip"
    case .follow: "see who does what in this trip"
    case .comment: "comment on this trip"
    case .vote: "vote in this trip"
    case .edit: "edit this trip"
    case .copy: "copy this trip"
    case .share: "share this trip or change who takes part"
    case .leave: "leave this trip"
    case .own: "delete, restore or publish this trip"
    }
  }
}

/// Who may do what: the only table of it.
package enum Permissions {
  /// Whether a standing allows an action.
  package static func allows(_ action: TripAction, _ standing: TripStanding) -> Bool {
    allowed(standing).contains(action)
  }

  /// All that a standing allows.
  package static func allowed(_ standing: TripStanding) -> Set<TripAction> {
    switch standing {
    case .member(.owner): [.read, .follow, .comment, .vote, .edit, .copy, .share, .leave, .own]
    case .member(.editor): [.read, .follow, .comment, .vote, .edit, .copy, .leave]
    case .member(.commenter): [.read, .follow, .comment, .vote, .copy, .leave]
    case .member(.viewer): [.read, .follow, .copy, .leave]
    case .linked: [.read, .copy]
    case .visitor: [.read, .copy]
    case .none: []
    }
  }
}
