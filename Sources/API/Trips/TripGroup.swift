import HTTP
import Store

/// All routes of trips.
struct TripGroup: Sendable {
  let store: TripStore
  let callers: (any CallerSource)?
  let watch: TripWatch?
  /// Whose plans trips are filled from.
  let plans: PlanGate
  /// Reckons who owes whom.
  let budgets: BudgetDesk
  /// Writes to people who are invited.
  let post: TripPost?

  func addRoutes(to group: RouteGroup) {
    let gate = TripGate(store: store, callers: callers)
    TripRoutes(gate: gate).addRoutes(to: group)
    TripEditRoutes(gate: gate).addRoutes(to: group)
    TripGenerationRoutes(gate: gate, plans: plans).addRoutes(to: group)
    let invites = TripInviteRoutes(gate: gate, post: post)
    TripMemberRoutes(gate: gate, invites: invites).addRoutes(to: group)
    invites.addRoutes(to: group)
    TripLinkRoutes(gate: gate).addRoutes(to: group)
    TripTalkRoutes(gate: gate).addRoutes(to: group)
    TripExpenseRoutes(gate: gate, desk: budgets).addRoutes(to: group)
    TripAttachmentRoutes(gate: gate).addRoutes(to: group)
    SavedTripRoutes(gate: gate).addRoutes(to: group)
    TripEventRoutes(gate: gate, watch: watch).addRoutes(to: group)
  }
}
