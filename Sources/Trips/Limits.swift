/// How much a trip may hold; reaching a limit is told, never cut silently.
package enum TripLimits {
  /// Days that are not deleted.
  package static let daysMax = 400
  /// Items that are not deleted.
  package static let itemsMax = 1000
  /// Days and items that are deleted and can be restored; the oldest go for good.
  package static let deletedMax = 200
  /// Letters of a title.
  package static let titleMax = 200
  /// Letters of a note or description.
  package static let textMax = 10_000
  /// Operations of one batch.
  package static let batchMax = 200
  /// People who take part.
  package static let membersMax = 100
  /// Invites that are open at a time.
  package static let invitesMax = 100
  /// Links that lead to a trip.
  package static let linksMax = 20
  /// Letters of a comment.
  package static let commentMax = 4000
  /// Comments of a trip.
  package static let commentsMax = 5000
  /// Expenses of a trip.
  package static let expensesMax = 2000
  /// Attachments of a trip.
  package static let attachmentsMax = 200
  /// Bytes of an attachment.
  package static let attachmentBytesMax = 10 << 20
  /// Bytes of all attachments of a trip.
  package static let attachedBytesMax = 200 << 20
  /// People whom a comment mentions.
  package static let mentionsMax = 20
  /// Trips of one owner, the trash included.
  package static let tripsOfOwnerMax = 1000
  /// Entries of the log that are kept; who is further behind is given the whole trip.
  package static let logMax = 5000
  /// Entries of the log that are sent to one who comes back; who is further behind is given the whole trip.
  package static let resumeMax = 500
}
