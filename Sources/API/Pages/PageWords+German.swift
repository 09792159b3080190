extension PageWords {
  static let german = PageWords(
    code: "Code aus der Mail", password: "Passwort", newPassword: "Neues Passwort", address: "Deine Adresse",
    authenticator: "Code deines Authenticators, wenn du einen hast",
    confirm: Form(
      title: "Bestätige deine Adresse", words: "Gib das Passwort ein, das du für das neue Konto gewählt hast.",
      button: "Bestätigen", done: "Dein Konto ist angelegt: Du kannst dich anmelden."),
    confirmAddress: Form(
      title: "Bestätige deine neue Adresse", words: "Von da an gehen Mails dorthin.", button: "Bestätigen",
      done: "Das ist jetzt deine Adresse."),
    reset: Form(
      title: "Wähle ein neues Passwort", words: "Mindestens zehn Zeichen. Alle Anmeldungen werden beendet.",
      button: "Passwort ändern", done: "Dein Passwort ist geändert: Melde dich damit an."),
    joinOrganisation: Form(
      title: "Bei einer Organisation mitmachen",
      words: "Melde dich mit der eingeladenen Adresse an; bist du hier schon angemeldet, lass das leer.",
      button: "Mitmachen", done: "Du gehörst jetzt dazu."),
    joinTrip: Form(
      title: "Bei einer Reise mitmachen",
      words: "Melde dich mit der eingeladenen Adresse an; bist du hier schon angemeldet, lass das leer.",
      button: "Mitmachen", done: "Du machst jetzt mit."),
    unsubscribe: Form(
      title: "Keine solchen Mails mehr",
      words: "Was dein Konto schützt, kommt trotzdem. Alles andere lässt sich in den Einstellungen wählen.",
      button: "Keine solchen Mails mehr",
      done: "Solche Mails bekommst du nicht mehr. In den Einstellungen lassen sie sich wieder einschalten."),
    withoutScripts: (
      "Diese Seite braucht Skripte. Ohne sie melde dich mit einem Programm an und schicke den Code aus der Mail an ",
      "."
    ),
    faults: Faults(
      code: "Dieser Code gilt nicht oder nicht mehr: Fordere eine neue Mail an.",
      signIn: "Adresse, Passwort oder Code des Authenticators stimmen nicht.",
      often: "Das wurde zu oft versucht: Warte eine Weile.", refused: "Das wurde nicht angenommen.",
      failed: "Das hat nicht geklappt; versuch es noch einmal."))
}
