import HTTP
import Store

/// All routes of trips.
struct TripGroup: Sendable {
  let store: TripStore
  let callers: (any CallerSource)?
  let watch: TripWatch?
  /// Reckons who owes whom.
  let budgets: BudgetDesk
  /// Seals letters to people who are invited.
  let seal: TripLetterSeal?

  func addRoutes(to group: RouteGroup) {
    let gate = TripGate(store: store, callers: callers)
    TripRoutes(gate: gate).addRoutes(to: group)
    TripEditRoutes(gate: gate).addRoutes(to: group)
    TripMemberRoutes(gate: gate, seal: seal).addRoutes(to: group)
    TripTalkRoutes(gate: gate).addRoutes(to: group)
    TripExpenseRoutes(gate: gate, desk: budgets).addRoutes(to: group)
    TripAttachmentRoutes(gate: gate).addRoutes(to: group)
    TripEventRoutes(gate: gate, watch: watch).addRoutes(to: group)
  }
}
