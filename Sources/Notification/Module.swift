/// `Notification` knows who hears what, when, in which words and through which channel.
///
/// It is pure: no clock, no storage and no network; moments and zones come as values. It writes mails as bytes and judges
/// what servers answered, but what sends them stands in `Couriers`, and what is kept of them in `Store`.
///
/// Its nouns: ``MessageKind`` (what there is to say, and how urgent that is), ``TemplateBook`` (the words of each kind in
/// each language), ``ReadingHabits`` (what somebody wants to hear, where, and when not), ``MailMessage`` (a mail as it is
/// sent) and ``CourierVerdict`` (what became of a try to send, and whether another makes sense).
