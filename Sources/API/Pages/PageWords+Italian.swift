extension PageWords {
  static let italian = PageWords(
    code: "Codice del messaggio", password: "Password", newPassword: "Nuova password", address: "Il tuo indirizzo",
    authenticator: "Codice del tuo autenticatore, se ne hai uno",
    confirm: Form(
      title: "Conferma il tuo indirizzo", words: "Inserisci la password che hai scelto quando hai chiesto l'account.",
      button: "Conferma", done: "Il tuo account è pronto: puoi accedere."),
    confirmAddress: Form(
      title: "Conferma il tuo nuovo indirizzo", words: "Da allora i messaggi arriveranno lì.", button: "Conferma",
      done: "Ora questo è il tuo indirizzo."),
    reset: Form(
      title: "Scegli una nuova password", words: "Almeno dieci caratteri. Tutti gli accessi verranno chiusi.",
      button: "Cambia la password", done: "La tua password è cambiata: accedi con quella nuova."),
    joinOrganisation: Form(
      title: "Entra in un'organizzazione",
      words: "Accedi con l'indirizzo invitato; se qui hai già effettuato l'accesso, lascia vuoto.", button: "Entra",
      done: "Ora ne fai parte."),
    joinTrip: Form(
      title: "Partecipa a un viaggio",
      words: "Accedi con l'indirizzo invitato; se qui hai già effettuato l'accesso, lascia vuoto.",
      button: "Partecipa", done: "Ora partecipi."),
    unsubscribe: Form(
      title: "Non ricevere più questi messaggi",
      words: "Ciò che protegge il tuo account viene inviato comunque. Il resto si sceglie nelle preferenze.",
      button: "Non ricevere più questi messaggi",
      done: "Questi messaggi non ti vengono più inviati. Nelle preferenze puoi riattivarli."),
    withoutScripts: (
      "Questa pagina ha bisogno di script. Senza, accedi con un programma e invia il codice del messaggio a ", "."
    ),
    faults: Faults(
      code: "Questo codice non è valido, o non lo è più: chiedi un altro messaggio.",
      signIn: "L'indirizzo, la password o il codice dell'autenticatore non sono giusti.",
      often: "Troppi tentativi: aspetta un po'.", refused: "Non è stato accettato.",
      failed: "Non ha funzionato; riprova."))
}
