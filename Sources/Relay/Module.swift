/// `Relay` carries events from the outbox to a Kafka outside, for whoever listens there.
///
/// An event leaves at least once, under one id however often, and those of one key in their order. What an event is and
/// when it is stored is its makers' to say; where events wait is `Store`'s.
///
/// Its nouns: ``EventRelay`` (the service), ``CloudEvent`` (an event as it is told), ``KafkaProducer`` (the way to the
/// brokers), ``RelayWindow`` (what is under way, and what became of it) and ``KafkaSettings``.
