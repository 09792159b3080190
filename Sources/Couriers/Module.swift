/// `Couriers` carries messages out of the house: mails over SMTP, and what goes over HTTP.
///
/// A courier tries once and says what became of it; whether and when to try again is the queue's to decide, and what is
/// kept of it the store's.
///
/// Its nouns: ``MailCourier`` and the verdicts of `Notification` that it gives.
